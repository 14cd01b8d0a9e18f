public import ChainCrypto
public import ChainRecord

/// What the caller knows about a chain from elsewhere. Without it a verdict cannot say whose chain this is, or whether
/// its end is missing.
public enum Expectation: Sendable, Hashable {
    /// Record hash of the first record.
    case chainID(Hash256)
    /// Fingerprint of the first record's signer.
    case signer(Hash256)
    /// A record that was seen: the chain must contain it, and may go on behind it.
    case head(index: Int, hash: Hash256)
}

/// What verifying found, and how far it reaches.
public struct Verdict: Sendable {
    public enum Outcome: String, Sendable {
        /// Every record holds, and every expectation.
        case valid
        /// A record breaks a rule, or the chain is not the one that was expected.
        case invalid
        /// Every record holds; a crash left bytes behind the last one.
        case torn
        /// Every record holds, and the chain is shorter than, or different from, what was expected or state.cbor says.
        case rollback
    }

    /// What ties the chain to somebody.
    public enum IdentityPin: String, Sendable {
        case chainID = "chain-id"
        case signer
        /// Nothing: anyone could have made this chain.
        case none
    }

    /// What ties down the chain's end.
    public enum TailPin: String, Sendable {
        case expectedHead = "expect-head"
        /// state.cbor beside the chain, which whoever can cut the chain can change too.
        case state
        /// Nothing: whole records may be missing from the end.
        case none
    }

    public enum TailStatus: String, Sendable {
        case clean
        case torn
        /// Records that were known to exist are missing.
        case truncated
    }

    public struct Signer: Sendable, Hashable {
        public let key: PublicKey
        /// Index of the first record that the key could sign.
        public let firstIndex: Int
        /// Index of the last one; nil when it has signed none yet.
        public let lastIndex: Int?
    }

    public internal(set) var outcome: Outcome = .valid
    /// Record hash of the first record, when it holds.
    public internal(set) var chainID: Hash256?
    /// Records that hold, from the first one on without a gap.
    public internal(set) var recordCount = 0
    /// Bytes that those records take.
    public internal(set) var byteCount = 0
    /// Bytes of the file.
    public internal(set) var fileSize = 0
    /// Record hash of the last record that holds.
    public internal(set) var headHash: Hash256?
    public internal(set) var signatureMode: SignatureMode
    public internal(set) var signaturesChecked = 0
    public internal(set) var signaturesValid = 0
    /// Whether every byte up to the tail belongs to a record with sound encoding, link, content and signature.
    public internal(set) var isIntact = true
    /// Whether every record was signed by the key that could sign it, and every key came in by the rules.
    public internal(set) var isAuthorized = true
    public internal(set) var identityPin: IdentityPin = .none
    public internal(set) var tailStatus: TailStatus = .clean
    public internal(set) var tailPin: TailPin = .none
    public internal(set) var signers: [Signer] = []
    /// At most ``maximumFindingCount``, in file order; one of rule `more` says how many were left out.
    public internal(set) var findings: [Finding] = []

    /// A file of nothing but bad records must not fill memory.
    public static let maximumFindingCount = 100

    /// Index of the last record that holds.
    public var headIndex: Int? { recordCount == 0 ? nil : recordCount - 1 }
}
