import Foundation
import Testing
import WalkerModel

private let classes: [SourceExcerpt.TokenClass] = [
  .keyword, .identifier, .type, .function, .field, .macro, .literal, .comment, .punctuation,
]

private func excerpt(_ count: Int) -> SourceExcerpt {
  SourceExcerpt(
    file: "drivers/widget/core.c", firstLine: 7, lines: ["int x;", "\ty = \"é\u{FFFD}\";"],
    tokens: (0..<count).map { index in
      .init(
        line: 7 + index, column: 1 + index * 3, length: index % 4, tokenClass: classes[index % classes.count],
        isTracked: index % 3 == 1)
    })
}

@Test(arguments: [0, 1, 2, 40])
func excerptsSurviveTheWire(_ count: Int) throws {
  let data = try JSONEncoder().encode(excerpt(count))
  #expect(try JSONDecoder().decode(SourceExcerpt.self, from: data) == excerpt(count))
}

@Test(arguments: [
  "1 2 3 4", "1 2 3 99 0", "1 2 3 4 0 ", "1 2 x 4 0", " 1 2 3 4 0", "99999999999999999999 1 1 1 1", "-1 1 1 1 0",
])
func refusesTokensThatAreNone(_ tokens: String) throws {
  let json = #"{"file":"a.c","firstLine":1,"lines":[],"tokens":"\#(tokens)"}"#
  #expect(throws: DecodingError.self) { try JSONDecoder().decode(SourceExcerpt.self, from: Data(json.utf8)) }
}
