import Testing
import WalkerModel

@testable import WalkerLive

/// The mini-kernel's path: widget_open, through a table gadget_open, gadget_reserve.
@Suite struct ChainTests {
  /// - Parameter callers: who each function returns to, where not every function was recorded.
  private func verify(
    _ calls: [(Int, String)], symbols: [String] = ["traceable", "traceable", "traceable"],
    callers: [(String, String)]? = nil
  ) -> ChainVerification {
    let walk = MiniKernel.walk()
    let inquiry = ChainInquiry(walk: walk, entry: .function(["widget_open"]), input: .listen)
    var lines = symbols.enumerated().map { "s.\($0.offset) symbol \($0.element)" }
    lines.append("t root widget_open")
    lines.append("t recorded \(callers == nil ? "all" : "some")")
    lines += (callers ?? []).map { "t caller \($0.0) \($0.1)" }
    lines += calls.map { "t call \($0.0) \($0.1)" }
    lines.append("t calls \(calls.count)")
    return inquiry.verification(AnswersByQuestion(lines), failure: nil)
  }

  @Test func confirmsThePathThatIsCalled() {
    let chain = verify([(0, "widget_open"), (1, "lock"), (2, "spin"), (1, "gadget_open"), (2, "gadget_reserve.isra.0")])
    #expect(chain.verdict == .verified)
    #expect(chain.links.map(\.state) == [.called(depth: 0), .called(depth: 1), .called(depth: 2)])
    #expect(chain.problems.isEmpty)
  }

  @Test func looksPastAnInterruptThatCameFirst() {
    let chain = verify([
      (0, "irq_enter"), (1, "tick"), (0, "widget_open"), (1, "gadget_open"), (2, "gadget_reserve"), (0, "irq_exit"),
    ])
    #expect(chain.verdict == .verified, "\(chain.problems)")
  }

  @Test func saysWhichFunctionsTheCompilerInlined() {
    let chain = verify([(0, "widget_open"), (1, "gadget_reserve")], symbols: ["traceable", "absent", "traceable"])
    #expect(chain.verdict == .verified)
    #expect(chain.links.map(\.state) == [.called(depth: 0), .inlined, .called(depth: 1)])
  }

  @Test func missesAFunctionThatIsNotCalled() {
    let chain = verify([(0, "widget_open"), (1, "gadget_open"), (2, "lock")])
    #expect(chain.verdict == .refuted)
    #expect(chain.problems == ["gadget_reserve is not called below gadget_open"])
  }

  @Test func missesAFunctionUnderAnotherParent() {
    let chain = verify([(0, "widget_open"), (1, "gadget_open"), (1, "lock"), (2, "gadget_reserve")])
    #expect(chain.problems == ["gadget_reserve is called by lock, not by gadget_open"])
    #expect(chain.verdict == .refuted)
  }

  @Test func catchesACandidateThatTheDerivationRejects() {
    let chain = verify([(0, "widget_open"), (1, "gizmo_open")])
    #expect(chain.verdict == .refuted)
    #expect(chain.problems.first == "gizmo_open is called, which the derivation rejects (family is AF_GIZMO)")
  }

  @Test func followsAPartThatTheCompilerSplitOff() {
    let chain = verify([
      (0, "widget_open"), (1, "gadget_open"), (2, "gadget_open.part.0"), (3, "gadget_reserve"),
    ])
    #expect(chain.verdict == .verified)
  }

  private let some = [(0, "widget_open"), (1, "gadget_open"), (2, "gadget_reserve.isra.0")]

  @Test func takesTheCallersWhereOnlySomeFunctionsWereRecorded() {
    let chain = verify(
      some,
      callers: [
        ("widget_open", "do_syscall"), ("gadget_open", "widget_open.part.0"), ("gadget_reserve.isra.0", "gadget_open"),
      ])
    #expect(chain.verdict == .verified, "\(chain.problems)")
  }

  @Test func aCallerThatJumpedIsSkippedByTheReturn() {
    let chain = verify(some, callers: [("gadget_open", "widget_open"), ("gadget_reserve.isra.0", "widget_open")])
    #expect(chain.verdict == .verified, "\(chain.problems)")
  }

  @Test func seesAFunctionInBetweenThatWasNotRecorded() {
    let chain = verify(some, callers: [("gadget_open", "widget_open"), ("gadget_reserve.isra.0", "lock")])
    #expect(chain.problems == ["gadget_reserve is called by lock, not by gadget_open"])
    #expect(chain.verdict == .refuted)
    #expect(verify(some, callers: []).verdict == .unchecked)
  }

  @Test func neverTakesSilenceForAgreement() {
    let inquiry = ChainInquiry(walk: MiniKernel.walk(), entry: .syscall("widget"), input: .listen)
    for lines in [[], ["t failed tracer 19"], ["t root widget_open", "t call 0 widget_open", "t calls 2"]] {
      #expect(inquiry.verification(AnswersByQuestion(lines), failure: nil).verdict == .unchecked)
    }
    let all = verify([(0, "other")], symbols: ["absent", "absent", "absent"])
    #expect(all.verdict == .unchecked)
  }

  @Test func looksPastAFunctionThatTheTracerDoesNotSee() {
    let calls = [(0, "widget_open"), (1, "gadget_reserve")]
    let symbols = ["traceable", "present", "traceable"]
    let chain = verify(calls, symbols: symbols, callers: [("gadget_reserve", "gadget_open")])
    #expect(chain.verdict == .verified, "\(chain.problems)")
    #expect(chain.links.map(\.state) == [.called(depth: 0), .untraceable, .called(depth: 1)])
    #expect(verify(calls, symbols: symbols, callers: [("gadget_reserve", "lock")]).verdict == .refuted)
  }

  @Test func beginsAtTheFirstFunctionThatTheCompilerLeft() {
    let chain = verify([(0, "gadget_open"), (1, "gadget_reserve")], symbols: ["absent", "traceable", "traceable"])
    #expect(chain.verdict == .verified, "\(chain.problems)")
    #expect(chain.links.map(\.state) == [.inlined, .called(depth: 0), .called(depth: 1)])
  }

  @Test func aPathOfWhichNothingCanBeSeenDoesNotDecide() {
    let unseen = verify([(0, "other")], symbols: ["absent", "present", "absent"])
    #expect(unseen.isOutOfSight && unseen.verdict == .unchecked)
    let missed = verify([(0, "other")], symbols: ["absent", "present", "traceable"])
    #expect(!missed.isOutOfSight)
    #expect(!ChainVerification(root: nil, links: [], problems: [], failure: nil).isOutOfSight)
  }

  @Test func beginsAtTheCallItselfWhereNothingOfThePathIsLeft() {
    let inquiry = ChainInquiry(walk: MiniKernel.walk(), entry: .function(["widget_open"]), input: .listen)
    #expect(inquiry.roots.first == "widget_open" && inquiry.roots.last == "sys_listen")
    #expect(Probes.InputKind(rawValue: "prlimit-max:RLIMIT_NOFILE")?.systemCall == "prlimit64")
  }

  @Test func asksBelowWhatTheMacroMakesOfASystemCall() {
    let inquiry = ChainInquiry(walk: MiniKernel.walk(), entry: .syscall("widget"), input: .listen)
    let question = inquiry.questions(values: [5, 9]).last?.split(separator: " ") ?? []
    #expect(question.prefix(4) == ["t", "trace", "listen", "5,9"])
    #expect(question.dropFirst(4).first?.hasPrefix("__x64_sys_widget,__se_sys_widget,") == true)
    let recorded = Set(question.last?.split(separator: ",") ?? [])
    #expect(
      recorded.isSuperset(of: ["__x64_sys_widget", "widget_open", "gadget_open", "gadget_reserve", "gizmo_open"]))
  }
}
