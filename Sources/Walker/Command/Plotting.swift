internal import WalkerFormula
internal import WalkerModel
internal import WalkerRender

/// Curves of the results of several kernels over one input.
struct Plotting {
  let evaluations: [Evaluation]
  let span: Span

  func plot(columns: Int) -> Plot {
    let walks = evaluations.map(\.named.walk)
    var seen: Set<String> = []
    let ids = walks.flatMap { $0.results.map(\.id) }.filter { seen.insert($0).inserted }
    return Plot(
      title: walks.first?.title ?? "", variable: variableName, range: span.range, given: given,
      panels: ids.map { panel($0, columns) })
  }

  private var variableName: String {
    evaluations.lazy.compactMap { evaluation in
      evaluation.named.inputs.first { evaluation.named.isNamed($0, span.name) }.map(evaluation.named.fullName)
    }.first ?? span.name
  }

  private func panel(_ id: String, _ columns: Int) -> Plot.Panel {
    let title = evaluations.lazy.compactMap { $0.named.walk.results.first { $0.id == id }?.title }.first
    var panel = Plot.Panel(title: title.map { "\(id): \($0)" } ?? id)
    for evaluation in evaluations {
      let walk = evaluation.named.walk
      let kernel = walk.kernel.name
      guard let result = walk.results.first(where: { $0.id == id }) else { continue }
      guard let derivation = result.derivation else {
        panel.missing.append("\(kernel): \(result.formula)")
        continue
      }
      let variable = evaluation.named.inputs.first { evaluation.named.isNamed($0, span.name) }
      do throws(DerivationError) {
        let curve = try Curve(
          derivation, over: variable ?? walk.tracked, in: span.range, columns: columns, others: others(evaluation))
        if curve.columns.contains(where: { $0 != nil }) {
          panel.add(kernel, curve)
        } else {
          panel.missing.append("\(kernel): no number for any \(span.name) of the range")
        }
      } catch {
        panel.missing.append("\(kernel): \(error.description)")
      }
    }
    return panel
  }

  private func others(_ evaluation: Evaluation) -> [Input: Int128] {
    evaluation.known.filter { !evaluation.named.isNamed($0.key, span.name) }
  }

  /// `net.core.somaxconn = 4096`, and of which kernels where they differ.
  private var given: [String] {
    var values: [(name: String, number: Int128, kernels: [String])] = []
    for evaluation in evaluations {
      for (input, number) in others(evaluation) where input.role != .tracked {
        let name = evaluation.named.fullName(input)
        let kernel = evaluation.named.walk.kernel.name
        if let known = values.firstIndex(where: { $0.name == name && $0.number == number }) {
          values[known].kernels.append(kernel)
        } else {
          values.append((name, number, [kernel]))
        }
      }
    }
    return values.sorted { ($0.name, $0.kernels.joined()) < ($1.name, $1.kernels.joined()) }.map { value in
      let isOfAll = value.kernels.count == evaluations.count
      return "\(value.name) = \(value.number)" + (isOfAll ? "" : " in \(value.kernels.joined(separator: ", "))")
    }
  }
}
