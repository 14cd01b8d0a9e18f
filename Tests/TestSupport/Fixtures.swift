public import Foundation

/// The checked-in vectors and chains.
public enum Fixtures {
    /// The folder `Fixtures` at the top of the repository.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures")

    /// The vector files of one kind, decoded, in the order of their names.
    public static func vectors<Vector: Decodable>(_ kind: String, as type: Vector.Type) -> [(
        name: String, vector: Vector
    )] {
        let folder = root.appending(path: "vectors").appending(path: kind)
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
        precondition(!names.isEmpty, "no vectors in \(folder.path)")
        return names.map { name in
            do {
                let data = try Data(contentsOf: folder.appending(path: name))
                return (String(name.dropLast(5)), try JSONDecoder().decode(Vector.self, from: data))
            } catch {
                preconditionFailure("\(kind)/\(name): \(error)")
            }
        }
    }

    /// The names of the whole chains.
    public static var chainNames: [String] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "chains").path)) ?? [])
        precondition(!names.isEmpty, "no chains in \(root.path)")
        return names.sorted()
    }
}
