public import WalkerModel

/// Two kernels side by side as one self-contained file: what means something else first, then the source.
public enum DiffPage {
  private static let context = 3

  /// - Throws: `UserError` when libcrypto can't hash.
  public static func render(_ old: Walk, _ new: Walk, showsSource: Bool) throws -> String {
    let style = String(decoding: PackageResources.diff_css, as: UTF8.self)
    let policy =
      "default-src 'none'; img-src data:; style-src '\(try PageDigest.of(style))'; base-uri 'none'; form-action 'none'"
    let names = "\(old.kernel.name) and \(new.kernel.name)"
    let parts = KernelDiff.parts(old, new).map { title, sentences in
      let items = sentences.map { "<li>\(PageProse.inline($0))</li>" }.joined(separator: "\n")
      return "<section>\n<h2>\(Markup.escaped(title))</h2>\n<ul>\n\(items)\n</ul>\n</section>"
    }
    let code = showsSource ? KernelDiff.pairs(old, new).compactMap { pair($0.0, $0.1, old.kernel, new.kernel) } : []
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="walker">
      <title>\(Markup.escaped("\(new.title): \(names)"))</title>
      <link rel="icon" href="data:,">
      <style>\(style)</style>
      </head>
      <body>
      <header>
      <h1>\(PageProse.inline(new.title))</h1>
      <p>\(Markup.escaped(names))</p>
      </header>
      <main>
      \((parts + code).joined(separator: "\n"))
      </main>
      </body>
      </html>

      """
  }

  /// Nil where the function is the same but for white space.
  private static func pair(
    _ old: Frame?, _ new: Frame?, _ before: KernelIdentity, _ now: KernelIdentity
  ) -> String? {
    let (left, right) = (old?.excerpt.lines ?? [], new?.excerpt.lines ?? [])
    let difference = LineDifference(left, right)
    guard !difference.isEmpty, let name = new?.function ?? old?.function else { return nil }
    func heading(_ frame: Frame?, _ kernel: KernelIdentity) -> String {
      "<th scope=\"col\" colspan=\"2\">\(Markup.escaped(kernel.name))"
        + (frame.map { " <span>\(Markup.escaped("\($0.location)"))</span>" } ?? " <span>does not have it</span>")
        + "</th>"
    }
    let bodies = difference.hunks(around: context).map { hunk in
      "<tbody>\n"
        + SideBySide.rows(hunk).map { was, now in
          "<tr>\(line(was, left, old, "gone"))\(line(now, right, new, "added"))</tr>\n"
        }.joined() + "</tbody>"
    }
    return """
      <section>
      <h2><code>\(Markup.escaped(name))()</code></h2>
      <div class="scroll" tabindex="0" role="region" aria-label="\(Markup.escaped(name)), source in both kernels">
      <table>
      <thead><tr>\(heading(old, before))\(heading(new, now))</tr></thead>
      \(bodies.joined(separator: "\n"))
      </table>
      </div>
      </section>
      """
  }

  /// A line's number and text; both empty where the kernel has nothing there.
  private static func line(
    _ cell: SideBySide.Cell?, _ lines: [String], _ frame: Frame?, _ kind: String
  ) -> String {
    guard let cell, let frame else { return "<td></td><td></td>" }
    let text = Markup.escaped(lines[cell.line])
    // Not by colour alone.
    let tag = kind == "gone" ? "del" : "ins"
    let code = cell.isChanged ? "<\(tag)>\(text)</\(tag)>" : text
    return
      "<td class=\"number\">\(frame.excerpt.firstLine + cell.line)</td><td\(cell.isChanged ? " class=\"\(kind)\"" : "")><code>\(code)</code></td>"
  }
}

/// The rows of a difference, what was beside what is.
enum SideBySide {
  struct Cell: Hashable {
    let line: Int
    let isChanged: Bool
  }

  static func rows(_ hunk: ArraySlice<LineDifference.Row>) -> [(Cell?, Cell?)] {
    var rows: [(Cell?, Cell?)] = []
    var (gone, added): ([Int], [Int]) = ([], [])
    func flush() {
      for index in 0..<max(gone.count, added.count) {
        rows.append(
          (
            index < gone.count ? Cell(line: gone[index], isChanged: true) : nil,
            index < added.count ? Cell(line: added[index], isChanged: true) : nil
          ))
      }
      (gone, added) = ([], [])
    }
    for row in hunk {
      switch row {
      case .old(let line): gone.append(line)
      case .new(let line): added.append(line)
      case .same(let first, let second):
        flush()
        rows.append((Cell(line: first, isChanged: false), Cell(line: second, isChanged: false)))
      }
    }
    flush()
    return rows
  }
}
