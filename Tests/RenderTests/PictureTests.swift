import Foundation
import FoundationXML
import Testing
import WalkerModel

@testable import WalkerRender

@Test func drawsTheChainForMermaid() throws {
  try expectSnapshot(MermaidPicture.render([MiniKernel.walk()]), "chain.mmd")
}

@Test func drawsTheChainForGraphviz() throws {
  try expectSnapshot(DotPicture.render([MiniKernel.walk()]), "chain.dot")
}

@Test func drawsTheChainAsSVG() throws {
  let svg = SVGPicture.render([MiniKernel.walk()])
  try expectSnapshot(svg, "chain.svg")
  let parser = XMLParser(data: Data(svg.utf8))
  #expect(parser.parse(), "\(String(describing: parser.parserError))")
}

@Test func drawsKernelsTogether() {
  let walks = [MiniKernel.walk(), MiniKernel.walk(kernel: MiniKernel.kernel(name: "next", version: "2.0.0"))]
  for text in [MermaidPicture.render(walks), DotPicture.render(walks), SVGPicture.render(walks)] {
    #expect(text.contains("Linux 1.0.3") && text.contains("Linux 2.0.0"))
  }
}

@Test func quotesWhatMermaidWouldRead() {
  let quoted = MermaidPicture.quoted("a < b && \"c\" ; `d` #1 \u{1}<script>")
  #expect(quoted.allSatisfy { !"<>\"&`".contains($0) })
  #expect(!quoted.replacing(/#[0-9]+;/, with: "").contains(/[#;]/))
}

@Test func staysWithinMermaidsLimits() {
  let frame = MiniKernel.frames[1]
  let many = (0..<600).map { number in
    Frame(
      role: .side, function: "side_\(number)", spelling: String(repeating: "x", count: 400), location: frame.location,
      endLine: frame.endLine, parameter: "room", leftBehind: nil, reachedBy: frame.reachedBy, steps: frame.steps,
      pathCondition: [], exits: [], excerpt: frame.excerpt)
  }
  let text = MermaidPicture.render([MiniKernel.walk(sideFrames: many)])
  #expect(text.count < 50_000)
  #expect(text.split(separator: "\n").count { $0.contains("-->") || $0.contains("-.->") } <= 500)
  #expect(text.contains("widget_open"))
}

@Test func keepsMarkupOutOfPictures() {
  let evil = "<script>alert(1)</script>\"]; end"
  let frame = MiniKernel.frames[0]
  let walk = MiniKernel.walk(frames: [
    Frame(
      role: .path, function: evil, spelling: evil, location: frame.location, endLine: 60, parameter: "room",
      leftBehind: nil, reachedBy: frame.reachedBy, steps: [], pathCondition: [], exits: [], excerpt: frame.excerpt)
  ])
  #expect(!SVGPicture.render([walk]).contains("<script"))
  #expect(!MermaidPicture.render([walk]).contains("<script"))
  #expect(DotPicture.render([walk]).contains(#"\"]; end"#))
}

@Test func connectsAStoredFieldWithTheTestThatReadsIt() throws {
  let graph = ChainGraph(MiniKernel.walk())
  let reads = graph.edges.filter(\.isRead)
  let edge = try #require(reads.first)
  #expect(graph.nodes[edge.from].title == "struct widget.room" && graph.nodes[edge.to].title == "widget_is_full")
  #expect(MermaidPicture.render([MiniKernel.walk()]).contains("is read by"))
  #expect(DotPicture.render([MiniKernel.walk()]).contains("style=dotted"))
  #expect(SVGPicture.render([MiniKernel.walk()]).contains("class=\"line read\""))
}

@Test func cutsNoFormula() {
  let long = (0..<40).map { "field_\($0)" }.joined(separator: " + ")
  let result = MiniKernel.results[0]
  let walk = MiniKernel.walk(results: [
    WalkResult(
      id: "room-limit", kind: .stored, derivation: nil, formula: long, subject: result.subject,
      location: result.location, era: nil, proof: .proved, counterexample: nil, undefinedWhen: nil, assumptions: [])
  ])
  for text in [MermaidPicture.render([walk]), DotPicture.render([walk]), SVGPicture.render([walk])] {
    #expect(!text.contains("…"))
    for number in 0..<40 { #expect(text.contains("field_\(number)")) }
  }
}

@Test func keepsAPictureNarrowEnoughToRead() throws {
  let walks = (1...4).map { MiniKernel.walk(kernel: MiniKernel.kernel(name: "k\($0)", version: "\($0).0.0")) }
  let svg = SVGPicture.render(walks)
  let box = svg.split(separator: "viewBox=\"0 0 ").last ?? ""
  let width = try #require(Int(box.prefix { $0.isNumber }))
  #expect(width <= 1200)
}
