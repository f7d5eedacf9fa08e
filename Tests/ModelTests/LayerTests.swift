import Foundation
import Testing

/// What each layer may import besides the system's own modules: its folder's name, and the modules.
private let allowed: [String: Set<String>] = [
  "Model": [],
  "Formula": ["WalkerModel"],
  "Kernel": ["WalkerModel", "CArchive", "CBytes", "CCrypto", "CGit2", "Subprocess"],
  "Clang": ["WalkerModel", "CClang"],
  "Trace": ["WalkerModel", "WalkerFormula", "WalkerKernel", "WalkerClang"],
  "Proof": ["WalkerModel", "WalkerFormula", "CZ3"],
  "Annotation": ["WalkerModel", "Yams"],
  "Drift": ["WalkerModel", "WalkerFormula"],
  "Render": ["WalkerModel", "WalkerFormula", "CCMark", "CUTF8Proc", "CCrypto", "Mustache"],
  "Live": ["WalkerModel", "WalkerFormula", "Subprocess"],
  "Engine": [
    "WalkerModel", "WalkerKernel", "WalkerClang", "WalkerTrace", "WalkerProof", "WalkerFormula", "WalkerAnnotation",
    "CWorker",
  ],
  "Command": [
    "WalkerModel", "WalkerKernel", "WalkerFormula", "WalkerAnnotation", "WalkerRender", "WalkerDrift", "WalkerLive",
    "ArgumentParser", "Subprocess",
  ],
]
private let system: Set<String> = [
  "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "SystemPackage", "Dispatch",
]
/// Nothing at all, so that it can be read by anything.
private let withoutSystem: Set<String> = ["Model"]

private let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appending(path: "Sources/Walker")

private func layers() throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: sources.path).filter { !$0.hasPrefix(".") }.sorted()
}

@Test func everyLayerIsInTheTable() throws {
  let layers = try layers()
  #expect(layers.count >= 10)
  for layer in layers { #expect(allowed[layer] != nil, "\(layer) is a new layer: say what it may import") }
}

@Test(arguments: try layers())
func importsOnlyWhatItsLayerMay(_ layer: String) throws {
  let folder = sources.appending(path: layer)
  let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
  #expect(!files.isEmpty)
  for file in files {
    let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    for line in text.split(separator: "\n") {
      guard
        let found = try /^(?:@\w+ )?(?:(?:public|package|internal|private) )?import (?:struct |enum |func )?(\w+)/
          .firstMatch(in: line)
      else { continue }
      let module = String(found.1)
      let isSystem = system.contains(module) && !withoutSystem.contains(layer)
      #expect(isSystem || allowed[layer]?.contains(module) == true, "\(layer)/\(file) imports \(module)")
    }
  }
}
