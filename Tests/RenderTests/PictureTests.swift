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
