/// The initializers of files whose text is not kept: 16 bytes each, names stored once.
struct InitializerIndex: Sendable {
  private struct Row: Sendable {
    var field: UInt32
    var file: UInt32
    var line: UInt32
    var value: UInt32
  }

  private var names = NameTable()
  private var files: [String] = []
  private var rows: [Row] = []

  mutating func add(_ file: String, _ bytes: [UInt8]) {
    let number = UInt32(files.count)
    let known = rows.count
    bytes.withUnsafeBufferPointer { buffer in
      TextScan.allInitializers(in: buffer) { field, line, value in
        rows.append(
          Row(field: names.id(field), file: number, line: UInt32(truncatingIfNeeded: line), value: names.id(value)))
      }
    }
    if rows.count > known { files.append(file) }
  }

  func hits(of field: String) -> [IndexHit] {
    guard let wanted = names.find(field) else { return [] }
    return rows.filter { $0.field == wanted }.map {
      IndexHit(file: files[Int($0.file)], line: Int($0.line), value: names.name($0.value))
    }
  }
}

/// Of files whose text is not kept: where objects of a record are given values by their place.
struct TableIndex: Sendable {
  private var found: [String: [IndexHit]] = [:]

  mutating func add(_ file: String, _ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { buffer in
      TextScan.allTables(in: buffer) { tag, line, value in
        let hit = IndexHit(file: file, line: line, value: value)
        if found[tag]?.last != hit { found[tag, default: []].append(hit) }
      }
    }
  }

  func hits(of tag: String) -> [IndexHit] { found[tag] ?? [] }
}

/// Byte strings, numbered in order of first appearance.
private struct NameTable: Sendable {
  private var text: [UInt8] = []
  private var ends: [Int] = [0]
  private var numbers: [UInt64: UInt32] = [:]

  mutating func id(_ name: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var key = Self.hash(name)
    while let number = numbers[key] {
      if isEqual(number, name) { return number }
      key &+= 1
    }
    let number = UInt32(ends.count - 1)
    text.append(contentsOf: name)
    ends.append(text.count)
    numbers[key] = number
    return number
  }

  func find(_ name: String) -> UInt32? {
    Array(name.utf8).withUnsafeBufferPointer { bytes in
      var key = Self.hash(bytes)
      while let number = numbers[key] {
        if isEqual(number, bytes) { return number }
        key &+= 1
      }
      return nil
    }
  }

  func name(_ number: UInt32) -> String {
    String(decoding: text[ends[Int(number)]..<ends[Int(number) + 1]], as: UTF8.self)
  }

  private func isEqual(_ number: UInt32, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = ends[Int(number)]
    guard ends[Int(number) + 1] - start == name.count else { return false }
    for index in 0..<name.count where text[start + index] != name[index] { return false }
    return true
  }

  private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
  }
}
