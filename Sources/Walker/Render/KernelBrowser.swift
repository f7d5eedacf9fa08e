internal import WalkerModel

/// Links to lines of a kernel on a public source browser.
public struct KernelBrowser: Sendable, Hashable {
  /// A URL in which `{tag}`, `{file}` and `{line}` stand for the release's git tag, the path and the line.
  public let template: String

  /// - Throws: `UserError` when the template is no web address, or names no file.
  public init(template: String) throws {
    guard template.hasPrefix("https://") || template.hasPrefix("http://"), template.contains("{file}"),
      template.unicodeScalars.allSatisfy({ $0.value > 0x20 && !"<>\"'()\\`".unicodeScalars.contains($0) })
    else {
      throw UserError(
        "\(template) is no link template: write a web address with {tag}, {file} and {line}",
        exitStatus: ExitStatus.usage)
    }
    self.template = template
  }

  /// nil where the version is none that upstream released: the lines of another tree would be wrong.
  func link(_ place: SourceLocation, in kernel: KernelIdentity) -> String? {
    guard let tag = Self.tag(of: kernel.version) else { return nil }
    return template.replacing("{tag}", with: tag).replacing("{file}", with: Self.encoded(place.file))
      .replacing("{line}", with: "\(place.line)")
  }

  /// The git tag of an upstream release: `6.12.117` is `v6.12.117`, `6.8.0` is `v6.8`, `7.0.0-rc2` is `v7.0-rc2`; nil for
  /// a version with any other suffix.
  static func tag(of version: String) -> String? {
    let parts = version.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    var numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard (2...4).contains(numbers.count), numbers.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }) else {
      return nil
    }
    if numbers.count == 3, numbers[2] == "0", numbers[0] != "2" { numbers.removeLast() }
    let suffix = parts.count > 1 ? parts[1] : ""
    guard suffix.isEmpty || (suffix.hasPrefix("rc") && suffix.dropFirst(2).allSatisfy(\.isASCIIDigit)) else {
      return nil
    }
    return "v" + numbers.joined(separator: ".") + (suffix.isEmpty ? "" : "-" + suffix)
  }

  static func encoded(_ path: String) -> String {
    var output = ""
    for byte in path.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain = byte < 0x80 && (Character(scalar).isLetter || Character(scalar).isASCIIDigit)
      if isPlain || "/._-+".utf8.contains(byte) {
        output.unicodeScalars.append(scalar)
      } else {
        output += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return output
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
