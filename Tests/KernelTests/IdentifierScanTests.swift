import CBytes
import Testing

@testable import WalkerKernel

/// The index against the search that it saves: what it does not list, no search may find.
@Suite struct IdentifierScanTests {
  @Test func vectorsSeeWhatBytesAre() {
    var random = Random(seed: 1)
    for round in 0..<64 {
      let bytes = (0..<64).map { round < 4 ? UInt8(64 * round + $0) : UInt8(truncatingIfNeeded: random.next()) }
      let (fast, plain) = (walker_masks(bytes), walker_masks_plain(bytes))
      #expect(fast.words == plain.words && fast.digits == plain.digits)
      #expect(fast.spaces == plain.spaces && fast.marks == plain.marks)
      for (bit, byte) in bytes.enumerated() {
        let isSet = { (mask: UInt64) in mask >> UInt64(bit) & 1 == 1 }
        #expect(isSet(plain.words) == CText.isWord(byte) && isSet(plain.digits) == CText.isDigit(byte))
        #expect(isSet(plain.spaces) == CText.isSpace(byte))
        #expect(isSet(plain.marks) == [0x22, 0x27, 0x2f].contains(byte))
      }
    }
  }

  @Test(arguments: [
    ("a b1 2c _d", ["_d", "a", "b1"]),
    ("/* a */ b // c\n d", ["b", "d"]),
    ("\"a\" b 'c' d'e", ["b", "d", "e"]),
    ("\"a \\\n b\" c", ["b"]),
    ("\"/*\" a /* b \" */ c", ["a", "c"]),
    ("it's a longer '\\'' b", ["a", "b", "it", "longer", "s"]),
    ("\"open a\nb", ["b"]),
    ("/* open a", []),
    ("", []), ("a", ["a"]), ("\"", []), ("/", []), ("'", []),
  ])
  func findsWhatIsCode(_ text: String, _ expected: [String]) {
    let words = Set(text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")) }.map(String.init))
    let found = scanned(text)
    #expect(words.filter { IdentifierScan.hash($0).map { found[$0] != nil } == true }.sorted() == expected)
    #expect(found.count == expected.count)
  }

  @Test func agreesWithTheCursorOnDifficultText() {
    var random = Random(seed: 2)
    for _ in 0..<2000 {
      let text = Self.difficultText(&random)
      let found = Set(scanned(text).keys)
      var expected: Set<UInt64> = []
      Array(text.utf8).withUnsafeBufferPointer { buffer in
        let (text, words) = (CText(bytes: buffer), Self.words(in: buffer))
        var cursor = CodeCursor(text)
        for word in words where cursor.isCode(word.lowerBound) {
          if let hash = IdentifierScan.hash(text.string(word)) { expected.insert(hash) }
        }
      }
      #expect(found == expected, "\(text)")
    }
  }

  @Test func listsEveryFileThatHoldsAHit() {
    var random = Random(seed: 3)
    var hits = 0
    for _ in 0..<2000 {
      let text = Self.difficultText(&random)
      let found = scanned(text)
      let (bytes, continues) = (Array(text.utf8), continuesLiterals(text))
      for word in ["a", "b", "init", Self.long] {
        let queries: [IndexQuery] = [
          .definition(word), .systemCall(word), .initializer(field: word), .mention(word, below: ""),
          .writer(field: word), .caller(of: word), .holder(of: word), .variable(word), .table(of: word),
        ]
        for query in queries {
          let answer = bytes.withUnsafeBufferPointer { TextScan.hits(of: query, in: $0, file: "f") }
          guard let hash = IdentifierScan.hash(word), !answer.isEmpty else { continue }
          hits += 1
          #expect(found[hash]?.isSuperset(of: query.kind) == true, "\(query): \(text)")
          guard case .initializer = query, !continues else { continue }
          for value in answer.compactMap(\.value) {
            #expect(IdentifierScan.hash(value).map { found[$0] != nil } == true, "\(query) \(value): \(text)")
          }
        }
      }
    }
    #expect(hits > 1000)
  }

  @Test func definitionsAreTheFilesThatDefine() {
    let texts = ["int a(int b)\n{\n}", "\treturn a(b);", "int a(int b);", "CALL2(a, int, b)\n{\n}", "\tif (a(b)) {"]
    let found = texts.map { scanned($0)[IdentifierScan.hash("a") ?? 0]?.contains(.definition) }
    #expect(found == [true, false, false, true, false])
  }

  @Test func growsWithTheText() {
    var scan = IdentifierScan()
    for count in [10, 100_000, 10] {
      let text = Array((0..<count).map { "x\($0)" }.joined(separator: " ").utf8)
      text.withUnsafeBufferPointer { scan.scan($0) }
      #expect(scan.found == count)
    }
  }

  @Test(arguments: ["", "1a", "a b", "a.b", "é", "struct w"])
  func isNoIdentifier(_ word: String) { #expect(IdentifierScan.hash(word) == nil) }

  // MARK: Help

  private func scanned(_ text: String) -> [UInt64: MentionKinds] {
    var scan = IdentifierScan()
    Array(text.utf8).withUnsafeBufferPointer { scan.scan($0) }
    var found: [UInt64: MentionKinds] = [:]
    for index in 0..<scan.found { found[scan[index].hash] = scan[index].kinds }
    return found
  }

  private func continuesLiterals(_ text: String) -> Bool {
    var scan = IdentifierScan()
    Array(text.utf8).withUnsafeBufferPointer { scan.scan($0) }
    return scan.continuesLiterals
  }

  private static func words(in bytes: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    let text = CText(bytes: bytes)
    var words: [Range<Int>] = []
    var position = 0
    while position < text.count {
      let end = text.wordEnd(from: position)
      if end > position { words.append(position..<end) }
      position = max(end, position + 1)
    }
    return words
  }

  private static let long = String(repeating: "long_", count: 30)

  static func difficultText(_ random: inout Random) -> String {
    let pieces = [
      "a", "b", "init", "x1", "12", "0x1f", long, " ", "  ", "\n", "\t", "\n\n", "\"", "'", "\\", "\\\n", "/*", "*/",
      "//",
      "/", "*", ".", "->", "..", "=", "==", "+=", "++", "&", "&&", "(", ")", "{", "}", ";", ",", "[", "]", "#define ",
      "SYSCALL_DEFINE1(", "a(b)\n{", ".a = b,", "p->a = b;", "WRITE_ONCE(p->a, b);", "\nint a(int b)\n{\n", "\n}\n",
      ".init = a /* b */,", "\"str\\\"a\"", "'\\n'", "/* a\n b */", "// b\n", "= &a;", "é",
      String(repeating: " ", count: 70),
    ]
    return (0..<Int(random.next() % 40)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
  }
}

/// The same numbers in every run.
struct Random: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
