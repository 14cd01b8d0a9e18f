internal import ChainCrypto
package import DeterministicCBOR

/// Circumstantial evidence that the writer's machine adds to a record; each part is absent where the platform lacks it.
package struct EntropyWitnesses: Sendable {
    /// Seconds since boot.
    package var secondsSinceBoot: Double?
    /// 16 bytes: half a hash of what the file system said of chain.bin before the append.
    package var fileState: [UInt8]?
    /// The kernel's entropy estimate, in bits.
    package var kernelEntropy: UInt64?
    package var bootID: String?
    /// Index of the first record of the same write; nil for a record written alone. Recovery goes by it: see
    /// ``TornTail``.
    package var writeStart: Int?

    package static let writeStartKey: UInt64 = 4

    package init(
        secondsSinceBoot: Double? = nil, fileState: [UInt8]? = nil, kernelEntropy: UInt64? = nil, bootID: String? = nil
    ) {
        self.secondsSinceBoot = secondsSinceBoot
        self.fileState = fileState
        self.kernelEntropy = kernelEntropy
        self.bootID = bootID
    }

    /// The first half of SHA-256 over four 8-byte big-endian integers.
    package static func fileState(
        modifiedNanoseconds: Int64, changedNanoseconds: Int64, size: Int64, inode: Int64
    ) -> [UInt8] {
        var message: [UInt8] = []
        for value in [modifiedNanoseconds, changedNanoseconds, size, inode] {
            for shift in stride(from: 56, through: 0, by: -8) {
                message.append(UInt8(truncatingIfNeeded: value >> Int64(shift)))
            }
        }
        return Array(SHA256.hash(message).bytes[..<16])
    }

    package func encode(into encoder: inout CBOREncoder) {
        let present = [
            secondsSinceBoot != nil, fileState != nil, kernelEntropy != nil, bootID != nil, writeStart != nil,
        ]
        encoder.map(count: present.count(where: { $0 }))
        if let secondsSinceBoot {
            encoder.unsigned(0)
            encoder.float(secondsSinceBoot)
        }
        if let fileState {
            encoder.unsigned(1)
            encoder.bytes(fileState)
        }
        if let kernelEntropy {
            encoder.unsigned(2)
            encoder.unsigned(kernelEntropy)
        }
        if let bootID {
            encoder.unsigned(3)
            encoder.text(bootID)
        }
        if let writeStart {
            encoder.unsigned(Self.writeStartKey)
            encoder.unsigned(UInt64(writeStart))
        }
    }
}
