internal import WalkerModel

/// What the page's script computes with.
struct PageData {
  let walks: [Walk]
  let kernels: [PageKernel]
  let inputs: [PageInput]
  /// The ids of all results, in order.
  let results: [String]

  /// For the template: one card a result, with what each kernel says of it.
  var resultContexts: [[String: Any]] {
    results.enumerated().map { number, id in
      let title = walks.lazy.compactMap { $0.results.first { $0.id == id }?.title }.first
      return [
        "number": number, "id": id, "title": title.map(PageProse.inline) ?? Markup.escaped(id),
        "kernels": kernels.map { $0.resultContext(id) },
      ]
    }
  }

  var json: JSONText {
    .members([
      "inputs": .list(inputs.map(\.json)),
      "results": .list(
        results.map { id in
          let title = walks.lazy.compactMap { $0.results.first { $0.id == id }?.title }.first
          return .members(["id": .text(id), "title": .text(title ?? id)])
        }),
      "kernels": .list(kernels.map(\.json)),
    ])
  }
}

/// What differs, for each two kernels; of many kernels only those that follow each other.
enum PagePairs {
  static func contexts(_ walks: [Walk]) -> [[String: Any]] {
    var contexts: [[String: Any]] = []
    for to in walks.indices {
      for from in walks.indices where from < to && (walks.count <= 6 || from + 1 == to || from == 0) {
        let difference = KernelDifference(from: walks[from], to: walks[to])
        let parts = [
          ("Meaning", difference.meaning), ("The path", difference.path), ("What moved", difference.places),
        ].filter { !$0.1.isEmpty }
        contexts.append([
          "id": "\(from)-\(to)", "isFirst": from == 0 && to == 1, "from": walks[from].kernel.version,
          "to": walks[to].kernel.version,
          "parts": parts.map { title, lines in
            [
              "title": title == "What moved" ? "What moved: \(lines.count) places" : title,
              "isFolded": title == "What moved", "html": PageProse.html(list(lines), headingLevel: 6, tracked: []),
            ]
          },
        ])
      }
    }
    return contexts
  }

  private static func list(_ lines: [String]) -> String { lines.map { "- \($0)\n" }.joined() }
}
