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

@Test func callsErrorsByTheirNamesWhereTheyAreWhatComesOut() {
  let room = Input(id: "p0", name: "room", role: .tracked, type: .s32)
  func choice(_ op: ComparisonOperator, _ number: Int128, _ then: Int128, _ otherwise: Expression) -> Expression {
    let condition = Expression(.compare(op, .input(room), .constant(number, .s32)), .bool)
    return Expression(.select(condition, .constant(then, .s32), otherwise), .s32)
  }
  let value = choice(.less, -22, -22, choice(.equal, 7, -1, .constant(-2000, .s32)))
  let example = Counterexample(
    inputs: [.init(name: "room", number: -30)], derived: -22, claimed: 5, era: "first")
  let returned = WalkResult(
    id: "returned", kind: .returns,
    derivation: Derivation(form: .stored(value), reachedWhen: .true, undefinedWhen: .false, assuming: .true),
    formula: "room < -22 ? -22 : room == 7 ? -1 : -2000, not returned when room == -1", subject: "widget_open",
    location: nil, era: nil, proof: .refuted, counterexample: example, undefinedWhen: nil, assumptions: [])
  var walk = MiniKernel.walk(results: [returned])
  walk.errorNames = ErrorNames(names: [1: "EPERM", 22: "EINVAL"])
  #expect(
    walk.formulaText(of: returned)
      == "room < -22 ? -EINVAL : room == 7 ? -EPERM : -2000, not returned when room == -1")
  let text = WalkText.render(walk, TextOptions(width: 100, palette: .none, showsSource: true))
  #expect(text.contains("for room = -30: -EINVAL, era first says 5"))
}
