#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// A JSON document as a tree, written and read through Foundation's encoder and decoder.
///
/// Objects are arrays of pairs: a null member stays, and nothing is lost before it is looked at.
package indirect enum JSON: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number that is not an integer of 64 bits.
    case number(Double)
    case string(String)
    case array([JSON])
    /// Pairs in any order; they are written sorted by key.
    case object([(key: String, value: JSON)])

    /// The document on one line, keys sorted.
    package func encoded() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self))
        } catch {
            preconditionFailure("only numbers that are not finite cannot be encoded, and none is made: \(error)")
        }
    }

    /// Reads a text that is exactly one JSON document.
    ///
    /// A key that occurs twice in one object is an error: the decoder would keep one of the two. Keys that differ only
    /// in Unicode normalization count as the same there.
    package init(decoding text: [UInt8]) throws(JSONTextError) {
        // The decoder would take UTF-16 and UTF-32 as well, which it tells by their zero bytes.
        guard !text.contains(0), String(validating: text, as: UTF8.self) != nil else {
            throw JSONTextError(reason: "not UTF-8 text")
        }
        do {
            self = try JSONDecoder().decode(JSON.self, from: Data(text))
        } catch let error as JSONTextError {
            throw error
        } catch {
            throw JSONTextError(reason: "not JSON")
        }
        // Outside of strings, a colon stands in every member of an object and nowhere else.
        guard Self.colonCount(text) == memberCount else {
            throw JSONTextError(
                reason: "a key occurs twice in one object (normalization does not tell keys apart; use $map)")
        }
    }

    /// Members of all objects inside.
    private var memberCount: Int {
        switch self {
        case .null, .bool, .integer, .number, .string: 0
        case .array(let elements): elements.reduce(0) { $0 + $1.memberCount }
        case .object(let members): members.reduce(members.count) { $0 + $1.value.memberCount }
        }
    }

    private static func colonCount(_ text: [UInt8]) -> Int {
        var count = 0
        var isInString = false
        var isEscaped = false
        for byte in text {
            if isEscaped {
                isEscaped = false
            } else if isInString, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString.toggle()
            } else if !isInString, byte == UInt8(ascii: ":") {
                count += 1
            }
        }
        return count
    }
}

/// Why a text is not the JSON that was asked for.
package struct JSONTextError: Error, Sendable, CustomStringConvertible {
    package let reason: String

    package var description: String { reason }
}

extension JSON: Codable {
    /// Far beyond what ``CBORJSON`` admits, far below what would exhaust the stack.
    private static let maximumDepth = 64

    private struct MemberKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ key: String) { stringValue = key }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    package init(from decoder: any Decoder) throws {
        guard decoder.codingPath.count <= Self.maximumDepth else {
            throw JSONTextError(reason: "nested deeper than \(Self.maximumDepth)")
        }
        if let container = try? decoder.container(keyedBy: MemberKey.self) {
            self = .object(try container.allKeys.map { ($0.stringValue, try container.decode(JSON.self, forKey: $0)) })
        } else if var container = try? decoder.unkeyedContainer() {
            var elements: [JSON] = []
            while !container.isAtEnd { elements.append(try container.decode(JSON.self)) }
            self = .array(elements)
        } else {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let text = try? container.decode(String.self) {
                self = .string(text)
            } else if let flag = try? container.decode(Bool.self) {
                self = .bool(flag)
            } else if let number = try? container.decode(Int64.self) {
                self = .integer(number)
            } else {
                self = .number(try container.decode(Double.self))
            }
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let flag): try flag.encode(to: encoder)
        case .integer(let number): try number.encode(to: encoder)
        case .number(let number): try number.encode(to: encoder)
        case .string(let text): try text.encode(to: encoder)
        case .array(let elements):
            var container = encoder.unkeyedContainer()
            for element in elements { try container.encode(element) }
        case .object(let members):
            var container = encoder.container(keyedBy: MemberKey.self)
            for member in members { try container.encode(member.value, forKey: MemberKey(member.key)) }
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral,
    ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements.map { ($0.0, $0.1) }) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(nilLiteral: ()) { self = .null }

    /// Null for nil.
    package init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }
    /// The value's text, such as a hash's hexadecimal digits; null for nil.
    package init(_ value: (some CustomStringConvertible)?) { self = value.map { .string($0.description) } ?? .null }
}
