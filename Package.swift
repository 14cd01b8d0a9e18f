// swift-tools-version: 6.2

import PackageDescription

/// Set in CI: a warning there fails the build. Elsewhere a newer compiler's new warning must not stop a user's build.
let warningsAreErrors = Context.environment["WARNINGS_AS_ERRORS"] == "1"

let strict: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .strictMemorySafety(),
    ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "attestation-chain",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "AttestationChain", targets: ["AttestationChain"]),
        .executable(name: "chainctl", targets: ["chainctl"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        // Bytes: other people's code, behind the thinnest possible Swift.
        .systemLibrary(
            name: "CCBOR", pkgConfig: "libcbor", providers: [.apt(["libcbor-dev"]), .brew(["libcbor"])]),
        .systemLibrary(
            name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"]), .brew(["libsodium"])]),
        .target(name: "DeterministicCBOR", dependencies: ["CCBOR"], swiftSettings: strict),
        .target(name: "ChainCrypto", dependencies: ["CSodium", crypto], swiftSettings: strict),
        // Records: pure rules, no files.
        .target(name: "ChainRecord", dependencies: ["DeterministicCBOR", "ChainCrypto"], swiftSettings: strict),
        // The chain: files, lock, index, state.
        .target(
            name: "AttestationChain", dependencies: ["ChainRecord", "DeterministicCBOR", "ChainCrypto"],
            swiftSettings: strict),
        // Tools.
        .target(
            name: "ChainCommands",
            dependencies: ["AttestationChain", "ChainRecord", "DeterministicCBOR", "ChainCrypto", argumentParser],
            swiftSettings: strict),
        .executableTarget(name: "chainctl", dependencies: ["ChainCommands"], swiftSettings: strict),
        // Tests mirror the modules; InteropTests runs programs that this project did not write.
        .target(
            name: "TestSupport", dependencies: ["AttestationChain", "ChainRecord", "DeterministicCBOR", "ChainCrypto"],
            path: "Tests/TestSupport", swiftSettings: strict),
        .executableTarget(
            name: "torture",
            dependencies: ["AttestationChain", "ChainRecord", "DeterministicCBOR", "ChainCrypto", "TestSupport"],
            path: "Tests/Torture", swiftSettings: strict),
        .testTarget(
            name: "DeterministicCBORTests", dependencies: ["DeterministicCBOR", "ChainCrypto", "TestSupport"],
            swiftSettings: strict),
        .testTarget(name: "ChainCryptoTests", dependencies: ["ChainCrypto", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ChainRecordTests", dependencies: ["ChainRecord", "DeterministicCBOR", "ChainCrypto", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "AttestationChainTests",
            dependencies: ["AttestationChain", "ChainRecord", "DeterministicCBOR", "ChainCrypto", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ChainCommandsTests",
            // The executable itself: these tests run it.
            dependencies: ["ChainCommands", "chainctl", "AttestationChain", "DeterministicCBOR"], swiftSettings: strict),
        .testTarget(
            name: "InteropTests",
            dependencies: ["AttestationChain", "ChainRecord", "DeterministicCBOR", "ChainCrypto", "TestSupport"],
            exclude: ["drive_peer.py", "drive_reader.py"], swiftSettings: strict),
    ]
)
