internal import Glibc
internal import WalkerModel

/// The `.c` files and headers of a folder that can hold answers, and a stamp that changes when any of them does, or a file that
/// says how to build them.
struct FolderListing: Sendable {
  /// The largest source of a kernel has 25 MB.
  static let largestSource = 64 << 20

  struct File: Sendable {
    let path: String
    let status: Disk.Status
  }

  /// Relative to the root; empty when only the stamp was asked for.
  let files: [File]
  /// All that were entered, with the root as "".
  let folders: [String]
  /// Whether the stamp says something of the file.
  static func covers(_ path: String) -> Bool {
    let folder = TreePath.parent(path) ?? ""
    guard folder.isEmpty || TreeScope.enters(folder: folder) else { return false }
    let name = TreePath.name(path)
    return TreeScope.isSource(name) || TreeScope.isHeader(name) || name.hasPrefix("Kconfig") || name.hasPrefix("Kbuild")
      || name == "Makefile" || name.hasSuffix(".tbl")
  }

  /// Over every file's path, size, inode, modification time and change time. An edit in place moves the change time,
  /// which no program can set back, so an equal stamp means equal text.
  let stamp: String

  /// `withFiles`: naming the files takes longer than the stamp alone. Throws `UserError` when a folder can't
  /// be read, and for what no kernel's tree holds: a source that is no file, one that is too large, a link that leads out.
  init(root: String, withFiles: Bool) throws {
    var files: [File] = []
    var count: UInt64 = 0
    var first: UInt64 = 0
    var second: UInt64 = 0
    var level = [""]
    var entered: [String] = []
    while !level.isEmpty {
      let folders = level
      entered += folders
      let chunk = 64
      let parts = try Parallel.map((folders.count + chunk - 1) / chunk) { index in
        var part = Part(keepsNames: withFiles)
        for folder in folders[(index * chunk)..<min(folders.count, (index + 1) * chunk)] {
          try part.read(folder, root: root)
        }
        return part
      }
      level = []
      for part in parts {
        files += part.files
        count += part.count
        first &+= part.first
        second &+= part.second
        level += part.folders
      }
    }
    self.files = files
    folders = entered
    stamp = "\(count)-" + String(first, radix: 16) + "-" + String(second, radix: 16)
  }

  private struct Part: Sendable {
    let keepsNames: Bool

    init(keepsNames: Bool) { self.keepsNames = keepsNames }

    private var links: [String] = []
    private var refusal: UserError?
    var count: UInt64 = 0
    var files: [File] = []
    var folders: [String] = []
    /// Sums, so that the order in which folders are read does not matter.
    var first: UInt64 = 0
    var second: UInt64 = 0

    mutating func read(_ folder: String, root: String) throws {
      let path = folder.isEmpty ? root : root + "/" + folder
      guard let directory = opendir(path) else { throw Disk.error("read the folder", path) }
      defer { closedir(directory) }
      let descriptor = dirfd(directory)
      let prefix = folder.isEmpty ? "" : folder + "/"
      var hash = Mixer()
      for byte in prefix.utf8 { hash.add(UInt64(byte)) }
      while let entry = readdir(directory) {
        let type = Int32(entry.pointee.d_type)
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { name in
            let length = strlen(name)
            guard name[0] != 0x2e, length > 0 else { return }
            if type == Int32(DT_DIR)
              || (type == Int32(DT_UNKNOWN) && Disk.status(name, in: descriptor, following: false)?.kind == .folder)
            {
              let child = prefix + String(cString: name)
              if TreeScope.enters(folder: child) { folders.append(child) }
              return
            }
            let isLink =
              type == Int32(DT_LNK)
              || (type == Int32(DT_UNKNOWN) && Disk.status(name, in: descriptor, following: false)?.kind == .link)
            if isLink { links.append(prefix + String(cString: name)) }
            if length > 2, name[length - 2] == 0x2e, name[length - 1] == 0x63 || name[length - 1] == 0x68 {
              add(name, length, descriptor, prefix, hash, isSource: true)
            } else if Self.saysHowToBuild(name, length) {
              add(name, length, descriptor, prefix, hash, isSource: false)
            }
          }
        }
        if let refusal { throw refusal }
      }
      for link in links { try check(link, root: root) }
      links = []
    }

    /// A link to a folder counts as well: what is included through it is listed nowhere.
    private func check(_ link: String, root: String) throws {
      guard TreeScope.enters(folder: link) || !Disk.isFolder(root + "/" + link),
        let resolved = realpath(root + "/" + link, nil)
      else { return }
      defer { free(resolved) }
      let place = String(cString: resolved)
      guard let top = realpath(root, nil) else { return }
      defer { free(top) }
      if place != String(cString: top), !place.hasPrefix(String(cString: top) + "/") {
        throw Disk.leadsOut(root + "/" + link, place)
      }
    }

    /// Kconfig and Kbuild files, Makefiles, system call tables.
    private static func saysHowToBuild(_ name: UnsafePointer<CChar>, _ length: Int) -> Bool {
      switch UInt8(bitPattern: name[0]) {
      case UInt8(ascii: "K"): strncmp(name, "Kconfig", 7) == 0 || strncmp(name, "Kbuild", 6) == 0
      case UInt8(ascii: "M"): strcmp(name, "Makefile") == 0
      default: length > 4 && strcmp(name + length - 4, ".tbl") == 0
      }
    }

    private mutating func add(
      _ name: UnsafePointer<CChar>, _ length: Int, _ descriptor: Int32, _ prefix: String, _ folder: Mixer,
      isSource: Bool
    ) {
      guard let status = Disk.status(name, in: descriptor) else { return }
      guard status.kind == .file else {
        if status.kind == .other {
          refusal = UserError(
            "\(prefix)\(String(cString: name)) is a pipe or a device, which no kernel's tree holds: remove it")
        }
        return
      }
      if status.size > FolderListing.largestSource {
        refusal = Disk.tooLarge(prefix + String(cString: name), status.size)
        return
      }
      if keepsNames, isSource { files.append(File(path: prefix + String(cString: name), status: status)) }
      count += 1
      var hash = folder
      for index in 0..<length { hash.add(UInt64(UInt8(bitPattern: name[index]))) }
      hash.add(UInt64(bitPattern: Int64(status.size)))
      hash.add(status.inode)
      hash.add(UInt64(bitPattern: status.modified))
      hash.add(UInt64(bitPattern: status.changed))
      first &+= hash.first
      second &+= hash.second
    }
  }
}

/// Two 64-bit hashes side by side: against accident, not against an adversary.
private struct Mixer: Sendable {
  var first: UInt64 = 0x9e37_79b9_7f4a_7c15
  var second: UInt64 = 0xc2b2_ae3d_27d4_eb4f

  mutating func add(_ number: UInt64) {
    first = (first ^ number) &* 0x0000_0100_0000_01b3
    first ^= first >> 29
    second = (second &+ number) &* 0xff51_afd7_ed55_8ccd
    second ^= second >> 32
  }
}
