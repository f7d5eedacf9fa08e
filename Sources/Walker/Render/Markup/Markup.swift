/// Text as it may stand in HTML or SVG, between tags and in quoted attributes.
enum Markup {
  static func escaped(_ text: some StringProtocol) -> String {
    var output = ""
    output.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "'": output += "&#39;"
      case "\t", "\n": output.unicodeScalars.append(scalar)
      // Not allowed in XML, and nothing to see in HTML.
      case _ where scalar.value < 0x20 || scalar.value == 0x7f || scalar.value == 0xfffe || scalar.value == 0xffff:
        break
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output
  }
}
