internal import WalkerModel

extension VerificationReport {
  /// The matrix, then each kernel in detail.
  public func text(_ options: TextOptions) -> String {
    var output = ""
    for line in matrixLines() + [.empty] + verifications.flatMap({ details($0, options) }) {
      line.write(to: &output, palette: options.palette)
    }
    return output
  }

  private func matrixLines() -> [StyledLine] {
    let cells = matrix
    let columns = cells.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in cells.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
    return cells.enumerated().map { position, row in
      var line = StyledLine()
      for (column, cell) in row.enumerated() {
        line.append(cell, position == 0 || column == 0 ? .strong : style(of: cell))
        line.pad(to: widths[...column].reduce(0, +) + 2 * (column + 1))
      }
      return line
    }
  }

  private func style(of cell: String) -> Style {
    for verdict in [Verification.Verdict.verified, .refuted, .unchecked] where cell.hasPrefix(verdict.sign) {
      return verdict.style
    }
    return .dim
  }

  private func details(_ one: Verification, _ options: TextOptions) -> [StyledLine] {
    func wrapped(_ line: StyledLine, indent: Int) -> [StyledLine] {
      line.wrapped(
        to: options.textWidth, first: StyledLine(String(repeating: " ", count: indent)),
        rest: StyledLine(String(repeating: " ", count: indent + 2)))
    }
    var lines = wrapped(
      StyledLine(one.verdict.sign + " ", one.verdict.style).appending(one.kernel, .strong)
        .appending("  \(one.heading)", .dim), indent: 0)
    if let failure = one.failure { lines += wrapped(StyledLine("not checked: \(failure)", .warning), indent: 2) }
    for note in one.notes { lines += wrapped(StyledLine(note), indent: 2) }
    for result in one.results {
      let title = StyledLine(result.verdict.sign + " ", result.verdict.style).appending(result.id, .strong)
      lines += wrapped(title.appending("  \(result.sentence)"), indent: 2)
      lines += wrapped(StyledLine("= ", .dim).appending(result.formula, .value), indent: 4)
      if let difference = result.difference { lines += wrapped(StyledLine(difference.sentence, .bad), indent: 4) }
      for reason in result.reasonSentences { lines += wrapped(StyledLine(reason, .dim), indent: 4) }
    }
    if let chain = one.chain {
      let title = StyledLine(chain.verdict.sign + " ", chain.verdict.style).appending("call chain", .strong)
      lines += wrapped(title.appending("  \(chain.sentence)"), indent: 2)
      for problem in chain.problems { lines += wrapped(StyledLine(problem, .bad), indent: 4) }
      for remark in chain.remarks { lines += wrapped(StyledLine(remark, .dim), indent: 4) }
    }
    return lines + [.empty]
  }
}
