public import DeterministicCBOR

/// Why bytes are not a record of chain format version 1, looked at on their own.
public struct RecordError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable {
        /// Not one deterministically encoded CBOR item.
        case encoding(CBORError)
        /// Not a map of the 11 pairs, or a pair of wrong type, size or range.
        case record
        /// A version other than 1.
        case version
        /// Larger than 1,048,576 bytes.
        case tooLarge
        /// What was to be written cannot be encoded.
        case unencodable(CBORError)
    }

    public let code: Code
    public let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var rule: Finding.Rule {
        switch code {
        case .encoding, .unencodable: .encoding
        case .record: .record
        case .version: .version
        case .tooLarge: .frame
        }
    }

    public var description: String { message }
}
