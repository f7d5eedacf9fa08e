// swift-tools-version: 6.1
import PackageDescription

/// Every target is compiled with the same strictness; set once, here.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// One layer of walker: the folder `Sources/Walker/<folder>`, the target `Walker<folder>`.
func layer(_ folder: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
  .target(
    name: "Walker\(folder)", dependencies: dependencies, path: "Sources/Walker/\(folder)",
    resources: resources, swiftSettings: strict)
}

/// The tests of one layer: the folder `Tests/<folder>Tests`.
func tests(_ folder: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "Walker\(folder)Tests", dependencies: dependencies, path: "Tests/\(folder)Tests",
    swiftSettings: strict)
}

let package = Package(
  name: "walker",
  products: [
    .executable(name: "walker", targets: ["walker"]),
    .executable(name: "walker-engine", targets: ["walker-engine"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .target(name: "CBytes", path: "Sources/CBytes"),
    .target(name: "CClang", path: "Sources/CClang"),
    .target(
      name: "CArchive", path: "Sources/CArchive"),
    .target(name: "CCMark", path: "Sources/CCMark"),
    .target(name: "CCrypto", path: "Sources/CCrypto"),
    .target(name: "CGit2", path: "Sources/CGit2"),
    .target(name: "CWorker", path: "Sources/CWorker"),
    .target(name: "CUTF8Proc", path: "Sources/CUTF8Proc"),
    .target(name: "CZ3", path: "Sources/CZ3"),

    layer("Model", []),
    layer("Formula", ["WalkerModel"]),
    layer(
      "Kernel",
      [
        "WalkerModel", "CArchive", "CBytes", "CCrypto", "CGit2",
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    layer("Clang", ["WalkerModel", "CClang"]),
    layer("Trace", ["WalkerModel", "WalkerFormula", "WalkerKernel", "WalkerClang"]),
    layer("Proof", ["WalkerModel", "WalkerFormula", "CZ3"]),
    layer("Annotation", ["WalkerModel", .product(name: "Yams", package: "Yams")]),
    layer("Drift", ["WalkerModel", "WalkerFormula"]),
    layer(
      "Render",
      [
        "WalkerModel", "WalkerFormula", "CCMark", "CCrypto", "CUTF8Proc",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      // In the binary, so that an installed walker needs no folder beside it.
      resources: [
        "page.mustache", "page.css", "arithmetic.js", "curves.js", "page.js", "live.css", "live.js", "gallery.css",
        "gallery.js", "diff.css",
      ].map {
        .embedInCode("Page/\($0)")
      }),
    layer("Live", ["WalkerModel", "WalkerFormula", .product(name: "Subprocess", package: "swift-subprocess")]),
    .executableTarget(
      name: "walker-engine",
      dependencies: [
        "WalkerModel", "WalkerKernel", "WalkerClang", "WalkerTrace", "WalkerProof",
        "WalkerFormula", "WalkerAnnotation", "CWorker",
      ],
      path: "Sources/Walker/Engine", swiftSettings: strict),
    .executableTarget(
      name: "walker",
      dependencies: [
        "WalkerModel", "WalkerKernel", "WalkerFormula", "WalkerAnnotation", "WalkerDrift", "WalkerRender",
        "WalkerLive",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      path: "Sources/Walker/Command", swiftSettings: strict),

    // For the scripts in Tests/CompiledC, which compare with compiled C.
    .executableTarget(
      name: "walker-bridge",
      dependencies: ["WalkerModel", "WalkerKernel", "WalkerFormula", "WalkerAnnotation"],
      path: "Tests/CompiledC/Bridge", swiftSettings: strict),

    .executableTarget(
      name: "walker-bench", dependencies: ["WalkerModel", "WalkerFormula"], path: "Tests/EvaluationBench",
      swiftSettings: strict),
    tests("Model", ["WalkerModel"]),
    tests("Formula", ["WalkerModel", "WalkerFormula"]),
    tests("Kernel", ["WalkerModel", "WalkerKernel", "CBytes"]),
    tests("Clang", ["WalkerModel", "WalkerClang"]),
    tests("Trace", ["WalkerModel", "WalkerKernel", "WalkerClang", "WalkerTrace", "WalkerFormula"]),
    tests("Proof", ["WalkerModel", "WalkerFormula", "WalkerProof"]),
    tests("Annotation", ["WalkerModel", "WalkerAnnotation"]),
    tests("Drift", ["WalkerModel", "WalkerFormula", "WalkerDrift"]),
    tests("Render", ["WalkerModel", "WalkerFormula", "WalkerRender"]),
    tests("Live", ["WalkerModel", "WalkerFormula", "WalkerLive"]),
    tests("Command", ["WalkerModel"]),
    tests("Judging", ["walker", "walker-engine"]),
    tests("EndToEnd", ["walker", "walker-engine"]),
    tests("Page", ["walker", "walker-engine", "WalkerModel", "WalkerFormula", "WalkerRender"]),
  ]
)
