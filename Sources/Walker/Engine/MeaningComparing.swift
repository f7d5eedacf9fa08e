internal import WalkerFormula
internal import WalkerModel
internal import WalkerProof

/// Answers a check's questions whether two expressions are one.
struct MeaningComparing {
  private let prover: Prover

  /// Throws `UserError` when Z3 can't be started.
  init() throws { prover = try Prover() }

  func answer(_ questions: [MeaningQuestion]) throws -> [MeaningAnswer] { questions.map(answer) }

  private func answer(_ question: MeaningQuestion) -> MeaningAnswer {
    if question.left == question.right { return .same }
    // Where nothing meets the condition, everything would be the same.
    let given: Expression = prover.isSatisfiable(question.given) == false ? .true : question.given
    return switch prover.equivalent(question.left, question.right, assuming: given) {
    case .proved: .same
    case .refuted: .differs
    case .unproved: .unknown
    }
  }
}
