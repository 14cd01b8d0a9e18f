internal import AttestationChain

extension JSON {
    /// A verdict, with exactly the fields that outside scripts rely on.
    init(_ verdict: Verdict) {
        self = [
            "verdict": .string(verdict.outcome.rawValue),
            "chain_id": JSON(verdict.chainID),
            "records": JSON(verdict.recordCount),
            "bytes": JSON(verdict.byteCount),
            "head_index": JSON(verdict.headIndex),
            "head_hash": JSON(verdict.headHash),
            "integrity": verdict.isIntact ? "intact" : "damaged",
            "signatures": [
                "mode": .string(verdict.signatureMode.rawValue), "checked": JSON(verdict.signaturesChecked),
                "valid": JSON(verdict.signaturesValid),
            ],
            "authorization": verdict.isAuthorized ? "ok" : "violated",
            "identity": [
                "pinned": .bool(verdict.identityPin != .none), "by": .string(verdict.identityPin.rawValue),
            ],
            "tail": ["status": .string(verdict.tailStatus.rawValue), "pinned_by": .string(verdict.tailPin.rawValue)],
            "signers": .array(
                verdict.signers.map { signer in
                    [
                        "fingerprint": JSON(signer.key.fingerprint), "first_index": JSON(signer.firstIndex),
                        "last_index": JSON(signer.lastIndex),
                    ]
                }),
            "findings": .array(
                verdict.findings.map { finding in
                    [
                        "rule": .string(finding.rule.rawValue), "severity": .string(finding.severity.rawValue),
                        "index": JSON(finding.index), "offset": JSON(finding.offset),
                        "message": .string(finding.message),
                    ]
                }),
        ]
    }
}
