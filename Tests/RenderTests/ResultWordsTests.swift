import Testing
import WalkerModel

@testable import WalkerRender

private func result(_ proof: WalkResult.Proof, _ formula: String, relapse: Relapse? = nil) -> WalkResult {
  WalkResult(
    id: "room-limit", kind: .threshold, derivation: nil, formula: formula, subject: "widget_is_full", location: nil,
    era: nil, proof: proof, counterexample: nil, undefinedWhen: nil, assumptions: [], isMonotone: relapse == nil,
    relapse: relapse)
}

@Test func saysOfAKernelThatItHasNothingOfTheKind() throws {
  let absent = MiniKernel.walk(results: [result(.absent, "this kernel has no widgets")])
  let text = MarkdownArticle.render([absent], ExportOptions()).replacing("\n", with: " ")
  #expect(text.contains("This kernel has no widgets."))
  #expect(text.contains("0 of 0 results are proved") && !text.contains("not derivable"))
  let page = try WalkPage.render([absent], ExportOptions())
  #expect(page.contains("<p class=\"verdict absent\">this kernel has no widgets</p>"))
}

@Test func saysWhereAThresholdIsNotMonotone() throws {
  let relapse = Relapse(inputs: [.init(name: "room", number: 5)], full: 6, notFull: 70)
  let walk = MiniKernel.walk(results: [result(.refuted, "min(room, 8)", relapse: relapse)])
  let words = "Not monotone: full at 6 and not at 70 (for room = 5); the first full length is given."
  #expect(try WalkPage.render([walk], ExportOptions()).contains(words))
  #expect(MarkdownArticle.render([walk], ExportOptions()).replacing("\n", with: " ").contains(words))
}

@Test func tellsNewAndLostResultsFromChangedOnes() {
  let with = MiniKernel.walk(results: [result(.refuted, "min(room, 8)")])
  let without = MiniKernel.walk(results: [result(.absent, "this kernel has no widgets")])
  #expect(KernelDifference(from: without, to: with).meaning[0].hasPrefix("**`room-limit` is new**"))
  #expect(KernelDifference(from: with, to: without).meaning[0].hasPrefix("**`room-limit` is gone**"))
  #expect(KernelDifference(from: without, to: without).meaning[0] == "`room-limit` is in neither kernel")
}
