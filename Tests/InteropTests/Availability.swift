import Foundation
import TestSupport
import Testing

/// What this machine has of the programs that these tests run.
enum Availability {
    static let root = Fixtures.root.deletingLastPathComponent()
    static let isContinuousIntegration = environment["CI"] == "true"

    /// Python with what scripts/venv.sh installs.
    static let python: String? = {
        let path = environment["INTEROP_PYTHON"] ?? root.appending(path: ".build/venv/bin/python").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    /// The folder of the older Python store.
    static let seedStore: String? = {
        let path = environment["SEED_PEERS"] ?? root.deletingLastPathComponent().appending(path: "shared/peers").path
        return FileManager.default.fileExists(atPath: path + "/chain_store.py") ? path : nil
    }()

    /// In CI a missing Python does not skip: it fails.
    private static let hasPython = python != nil || isContinuousIntegration

    private static let noPython: Comment = "NOT RUN: no Python environment in .build/venv; scripts/venv.sh makes it"
    private static let noSeedStore: Comment =
        "NOT RUN: the older Python store is not in ../shared/peers; SEED_PEERS may name its folder"

    static var needsReader: ConditionTrait { .enabled(if: hasPython, noPython) }

    static var needsSeedStore: ConditionTrait {
        .enabled(if: hasPython && seedStore != nil, seedStore == nil ? noSeedStore : noPython)
    }

    static func requirePython() throws -> String {
        try #require(python, "CI needs the Python environment that scripts/venv.sh makes")
    }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }
}
