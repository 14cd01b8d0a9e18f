// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let attestationChain = Target.Dependency.product(name: "AttestationChain", package: "attestation-chain")

/// A package of its own, so that a user of the library never resolves what only its benchmarks need. It sees the public
/// interface only.
let package = Package(
    name: "attestation-chain-benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        // By name: the folder of a checkout may be called anything.
        .package(name: "attestation-chain", path: ".."),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // Without its traits: they need preloaded libraries for counts of malloc and of retains.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
    ],
    targets: [
        // The limits call libsodium themselves, so that nothing of this project is in them.
        .systemLibrary(
            name: "CSodiumLimits", path: "CSodiumLimits", pkgConfig: "libsodium",
            providers: [.apt(["libsodium-dev"]), .brew(["libsodium"])]),
        // swift run -c release compare. A folder deeper than its neighbour: `swift package benchmark` takes every executable
        // in a folder of "Benchmarks" for one of its own.
        .executableTarget(
            name: "compare",
            dependencies: [
                attestationChain, "CSodiumLimits", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Compare/Sources", swiftSettings: strict),
        // swift package benchmark
        .executableTarget(
            name: "ChainBenchmarks",
            dependencies: [attestationChain, .product(name: "Benchmark", package: "benchmark")],
            path: "ChainBenchmarks", swiftSettings: strict,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ]
)
