internal import ArgumentParser
internal import AttestationChain

/// A `--meta` option: `key=text`, or `key:=json`.
struct MetadataOption: ExpressibleByArgument {
    let key: String
    let value: CBORValue

    init?(argument: String) {
        guard let parsed = try? Self.parse(argument) else { return nil }
        self = parsed
    }

    private init(key: String, value: CBORValue) {
        self.key = key
        self.value = value
    }

    static func parse(_ argument: String) throws -> MetadataOption {
        guard let equals = argument.utf8.firstIndex(of: UInt8(ascii: "=")) else {
            throw ValidationError("not KEY=VALUE")
        }
        var key = argument[..<equals]
        let text = String(argument[argument.index(after: equals)...])
        let isJSON = key.utf8.last == UInt8(ascii: ":")
        if isJSON { key.removeLast() }
        guard !key.isEmpty else { throw ValidationError("the key is empty") }
        guard !key.utf8.elementsEqual("content".utf8) else {
            throw ValidationError("'content' is the content itself; --inline puts it there")
        }
        guard isJSON else { return MetadataOption(key: String(key), value: .text(text)) }
        do throws(JSONTextError) {
            return MetadataOption(
                key: String(key), value: try CBORJSON.cbor(try JSON(decoding: Array(text.utf8)), depth: 2))
        } catch {
            throw ValidationError("the value is \(error.reason)")
        }
    }
}
