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

/// What differs stands side by side, nothing of a kernel's text is taken for markup, and the page loads nothing.
@Test func twoKernelsAreOnePage() throws {
  let (old, new) = (MiniKernel.walk(), MiniKernel.walk())
  let page = try DiffPage.render(old, new, showsSource: true)
  #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("default-src 'none'"))
  #expect(!page.contains("<script") && !page.contains("<table>"))
  let difference = LineDifference(["a", "b <x>", "c"], ["a", "d", "e", "c"])
  let rows = SideBySide.rows(difference.rows[...])
  #expect(rows.count == 4)
  #expect(rows[1].0?.line == 1 && rows[1].1?.line == 1 && rows[1].0?.isChanged == true)
  #expect(rows[2].0 == nil && rows[2].1?.line == 2)
}
