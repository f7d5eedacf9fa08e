import Foundation
import Testing
import WalkerModel

@testable import WalkerRender

@Test func writesATour() throws {
  try expectSnapshot(CodeTour.render(MiniKernel.walk(), showsSource: true).indented, "walk.tour")
}

/// What CodeTour's schema asks of a tour, and the order that a reader expects.
@Test func isATourInPathOrder() throws {
  let tour = try #require(
    JSONSerialization.jsonObject(with: Data(CodeTour.render(MiniKernel.walk(), showsSource: true).indented.utf8))
      as? [String: Any])
  #expect(Set(tour.keys) == ["$schema", "title", "description", "ref", "steps"])
  #expect(tour["ref"] as? String == "v1.0.3")
  let steps = try #require(tour["steps"] as? [[String: Any]])
  for step in steps {
    #expect(Set(step.keys).isSubset(of: ["file", "line", "pattern", "title", "description"]))
    #expect((step["description"] as? String)?.isEmpty == false)
    #expect((step["file"] as? String)?.hasPrefix("/") == false)
    #expect((step["line"] as? Int ?? 0) >= 1)
    guard let pattern = step["pattern"] as? String, step["file"] as? String == MiniKernel.core.path else { continue }
    let text = MiniKernel.core.excerpt.lines.joined(separator: "\n")
    let expression = try NSRegularExpression(pattern: pattern, options: .anchorsMatchLines)
    let matches = expression.matches(in: text, range: NSRange(location: 0, length: (text as NSString).length))
    #expect(matches.count == 1, "\(pattern)")
    let before = (text as NSString).substring(to: matches.first?.range.location ?? 0)
    #expect(before.split(separator: "\n", omittingEmptySubsequences: false).count + 37 == step["line"] as? Int)
  }
  let titles = steps.compactMap { $0["title"] as? String }
  let order = ["widget_open", "The kernel caps your number", "gadget_open", "Where it is stored", "gadget_reserve"]
  #expect(titles.filter(order.contains) == order)
}

@Test(arguments: [
  ("git:linux@v6.12", "6.12.0", "v6.12"), ("folder:x", "6.12.3", "v6.12.3"), ("folder:x", "3.10.0-1.el7", nil),
])
func namesTheRevisionOfTheTree(_ source: String, _ version: String, _ ref: String?) {
  let kernel = KernelIdentity(
    name: "x", version: version, source: source, configuration: .init(source: "default", sha256: "", depends: []))
  #expect(CodeTour.ref(of: kernel) == ref)
}

@Test func quotesNoSourceInATour() {
  let text = CodeTour.render(MiniKernel.walk(), showsSource: false).indented
  for piece in ["READ_LATEST", "goto out", "spin_lock_init"] { #expect(!text.contains(piece)) }
}
