internal import FoundationEssentials
public import WalkerModel

/// Reads what `walker verify --format markdown` wrote beside a walkthrough: for each kernel a table with a row a result.
public enum AgreementReader {
  /// Nothing for a file that is not there: nobody asked a kernel yet. What has another form says nothing.
  public static func read(beside walkthrough: String) -> [Agreement] {
    let folder = walkthrough.lastIndex(of: "/").map { String(walkthrough[...$0]) } ?? ""
    guard let data = FileManager.default.contents(atPath: folder + "verified.md") else { return [] }
    return read(String(decoding: data, as: UTF8.self))
  }

  public static func read(_ text: String) -> [Agreement] {
    var found: [Agreement] = []
    var version: String?
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("## ") { version = nil }
      if let named = kernel(in: line) { version = named }
      guard let version, line.hasPrefix("| ") else { continue }
      // A formula may hold a bar; the numbers stand at the end.
      let cells = line.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
      guard cells.count >= 5, let agree = Int(cells[cells.count - 3]), let differ = Int(cells[cells.count - 2]),
        let notObserved = Int(cells[cells.count - 1])
      else { continue }
      found.append(
        Agreement(version: version, result: cells[0], agree: agree, differ: differ, notObserved: notObserved))
    }
    return found
  }

  /// `Linux 1.2.3, booted …`
  private static func kernel(in line: Substring) -> String? {
    let mark = "Linux "
    guard line.hasPrefix(mark) else { return nil }
    let rest = line.dropFirst(mark.count)
    let version = rest.prefix { $0 != " " && $0 != "," }
    let how = rest[version.endIndex...]
    return !version.isEmpty && (how.hasPrefix(", booted") || how.hasPrefix(", live")) ? String(version) : nil
  }
}
