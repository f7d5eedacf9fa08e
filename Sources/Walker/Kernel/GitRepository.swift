internal import CGit2
internal import Synchronization
internal import WalkerModel

/// A local clone, read by libgit2. A clone is a stranger's: no program, hook, transport or setting of it plays a part, and an
/// object that is not there is an error, never fetched and never an empty file.
final class GitRepository: Sendable {
  let path: String
  /// Reached only through the mutex; `objects` may be used on several threads at once.
  private struct Handles: ~Copyable, @unchecked Sendable {
    let repository: OpaquePointer
    let objects: OpaquePointer

    deinit {
      git_odb_free(objects)
      git_repository_free(repository)
    }
  }

  struct Objects: @unchecked Sendable { fileprivate let handle: OpaquePointer }

  private let handles: Mutex<Handles>
  /// Lives as long as the repository does.
  private let objects: Objects
  private static let isReady = walker_git_start() == 0

  /// Throws `UserError` when there is no clone, or libgit2 can't read its kind.
  init(_ path: String) throws {
    self.path = path
    guard Self.isReady else { throw UserError("libgit2 can't be started (\(Self.lastMessage)): install libgit2 again") }
    guard Disk.isFolder(path) else {
      throw UserError("there is no git clone at \(path): give git:PATH@REVISION with the path of a local clone")
    }
    var repository: OpaquePointer?
    guard git_repository_open_ext(&repository, path, 0, nil) == 0, let repository else {
      throw Self.cannotOpen(path, Self.lastMessage)
    }
    var objects: OpaquePointer?
    guard walker_git_objects(&objects, repository) == 0, let objects else {
      defer { git_repository_free(repository) }
      throw Self.cannotOpen(path, Self.lastMessage)
    }
    self.objects = Objects(handle: objects)
    handles = Mutex(Handles(repository: repository, objects: objects))
  }

  // MARK: Revisions

  /// The commit (or tree) that a revision names.
  func resolve(_ revision: String) throws -> GitID {
    for kind in ["^{commit}", "^{tree}"] {
      if let found = try object(revision + kind, naming: revision) { return found }
    }
    throw UserError("the clone \(path) has no revision \(revision): run `git -C \(path) tag` to see its tags")
  }

  /// The tree that a revision names.
  func tree(of revision: String) throws -> GitID {
    guard let found = try object(revision + "^{tree}", naming: revision) else {
      throw UserError("the clone \(path) has no revision \(revision): run `git -C \(path) tag` to see its tags")
    }
    return found
  }

  private func object(_ text: String, naming revision: String) throws -> GitID? {
    // libgit2 takes a name that begins so for nothing special; git would take it for an option.
    guard !revision.hasPrefix("-") else { return nil }
    return try handles.withLock { handles throws in
      var found: OpaquePointer?
      switch git_revparse_single(&found, handles.repository, text) {
      case 0:
        defer { git_object_free(found) }
        guard let id = git_object_id(found) else { return nil }
        return GitID(id.pointee)
      case GIT_EAMBIGUOUS.rawValue:
        throw UserError("\(revision) is the beginning of several objects' names in \(path): write more of it")
      case GIT_ENOTFOUND.rawValue:
        // A name that leads to an object which is not there is not an unknown name.
        var named: OpaquePointer?
        guard git_reference_dwim(&named, handles.repository, revision) == 0 else { return nil }
        git_reference_free(named)
        throw Self.missing("what \(revision) names", in: path)
      case GIT_EINVALIDSPEC.rawValue, GIT_EPEEL.rawValue: return nil
      default: throw Self.unreadable(path, Self.lastMessage)
      }
    }
  }

  /// The tags whose names match a glob, unsorted.
  func tags(matching pattern: String) throws -> [String] {
    try handles.withLock { handles throws in
      var list = git_strarray()
      guard git_tag_list_match(&list, pattern, handles.repository) == 0 else {
        throw Self.unreadable(path, Self.lastMessage)
      }
      defer { git_strarray_dispose(&list) }
      return (0..<list.count).compactMap { list.strings[$0].map { String(cString: $0) } }
    }
  }

  /// A commit's first line.
  func subject(of commit: GitID) throws -> String {
    try handles.withLock { handles throws in
      var found: OpaquePointer?
      var id = commit.raw
      guard git_commit_lookup(&found, handles.repository, &id) == 0 else {
        throw Self.missing("the commit \(commit)", in: path)
      }
      defer { git_commit_free(found) }
      return git_commit_summary(found).map { String(cString: $0) } ?? ""
    }
  }

  // MARK: Objects

  /// A source file is far smaller; more is an object that was made to exhaust the machine.
  private static let largestFile = 64 << 20

  /// A file's bytes. On any thread. `name`: for messages.
  func file(_ id: GitID, _ name: String) throws -> [UInt8] {
    try withFile(id, name) { [UInt8]($0) }
  }

  func withFile<Value>(_ id: GitID, _ name: String, _ body: (UnsafeRawBufferPointer) throws -> Value) throws -> Value {
    var raw = id.raw
    var size = 0
    var kind = GIT_OBJECT_INVALID
    var status = git_odb_read_header(&size, &kind, objects.handle, &raw)
    if status == 0 {
      guard kind == GIT_OBJECT_BLOB else { throw Self.unreadable(path, "the object \(id) of \(name) is no file") }
      guard size <= Self.largestFile else {
        throw UserError("\(name) has \(size >> 20) MB in \(path), more than any source file: give a kernel's own clone")
      }
      var object: OpaquePointer?
      status = git_odb_read(&object, objects.handle, &raw)
      if status == 0 {
        defer { git_odb_object_free(object) }
        return try body(UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object)))
      }
    }
    if status == GIT_ENOTFOUND.rawValue { throw Self.missing("\(name) (object \(id))", in: path) }
    throw Self.unreadable(path, "\(name), object \(id): \(Self.lastMessage)")
  }

  /// Throws `UserError` when the tree is not there. `name`: for messages.
  func tree(_ id: GitID, _ name: String) throws -> GitFolder {
    try handles.withLock { handles throws in
      var found: OpaquePointer?
      var raw = id.raw
      let status = git_tree_lookup(&found, handles.repository, &raw)
      if status == 0, let found { return GitFolder(handle: found, repository: self) }
      if status == GIT_ENOTFOUND.rawValue { throw Self.missing("the folder \(name) (object \(id))", in: path) }
      throw Self.unreadable(path, "the folder \(name), object \(id): \(Self.lastMessage)")
    }
  }

  // MARK: Errors

  private static var lastMessage: String {
    guard let error = git_error_last(), let text = error.pointee.message else { return "no message" }
    return String(cString: text)
  }

  private static func missing(_ what: String, in path: String) -> UserError {
    UserError(
      "the clone \(path) lacks \(what), since it is damaged or was cloned in part: complete it with `git -C \(path) fetch --refetch --no-filter`, or clone it anew"
    )
  }

  private static func unreadable(_ path: String, _ reason: String) -> UserError {
    UserError("the clone \(path) can't be read (\(reason)): check it with `git -C \(path) fsck`")
  }

  private static func cannotOpen(_ path: String, _ reason: String) -> UserError {
    let instead = "unpack the revision with `git -C \(path) worktree add --detach FOLDER REVISION` and give that folder"
    let lower = reason.lowercased()
    if lower.contains("objectformat") || lower.contains("object format") {
      return UserError("the clone \(path) names its objects by SHA-256, which libgit2 can't read: \(instead)")
    }
    if lower.contains("extension") || lower.contains("repository version") {
      return UserError("the clone \(path) is of a kind that libgit2 can't read (\(reason)): \(instead)")
    }
    return UserError("git can't read \(path) (\(reason)): give the path of a local clone")
  }
}

/// An object's name.
struct GitID: Hashable, Sendable, CustomStringConvertible {
  let raw: git_oid

  init(_ raw: git_oid) { self.raw = raw }

  static func == (left: GitID, right: GitID) -> Bool {
    withUnsafeBytes(of: left.raw) { left in withUnsafeBytes(of: right.raw) { left.elementsEqual($0) } }
  }

  func hash(into hasher: inout Hasher) { withUnsafeBytes(of: raw) { hasher.combine(bytes: $0) } }

  /// In hexadecimal digits.
  var description: String {
    var id = raw
    var text = [CChar](repeating: 0, count: 72)
    return git_oid_tostr(&text, text.count, &id).map { String(cString: $0) } ?? ""
  }
}

/// A folder of a revision. One task uses it at a time.
final class GitFolder: @unchecked Sendable {
  struct Entry {
    enum Kind { case file, folder, link, other }
    let kind: Kind
    let id: GitID

    fileprivate init?(_ entry: OpaquePointer?) {
      guard let entry, let id = git_tree_entry_id(entry) else { return nil }
      self.id = GitID(id.pointee)
      switch Int(git_tree_entry_filemode_raw(entry).rawValue) & Int(WALKER_MODE_KIND) {
      case Int(WALKER_MODE_TREE): kind = .folder
      case Int(WALKER_MODE_LINK): kind = .link
      case Int(WALKER_MODE_COMMIT): kind = .other
      default: kind = .file
      }
    }
  }

  private let handle: OpaquePointer
  /// Goes last.
  private let repository: GitRepository

  fileprivate init(handle: OpaquePointer, repository: GitRepository) {
    self.handle = handle
    self.repository = repository
  }

  deinit { git_tree_free(handle) }

  func entry(_ name: String) -> Entry? { Entry(git_tree_entry_byname(handle, name)) }

  /// In git's order.
  var entries: [(name: String, entry: Entry)] {
    (0..<git_tree_entrycount(handle)).compactMap { position in
      let found = git_tree_entry_byindex(handle, position)
      guard let entry = Entry(found), let name = git_tree_entry_name(found) else { return nil }
      return (String(cString: name), entry)
    }
  }
}
