internal import FoundationEssentials
internal import WalkerModel

/// The folders in which one kind of thing (walkthroughs, kernels) is looked for, the most particular first:
///
/// 1. *given* on the command line or by the project's `.walker.yml`; then nothing else is looked at;
/// 2. the *project*'s, a folder in the working directory;
/// 3. the *user*'s, by XDG: `$XDG_DATA_HOME/walker`, else `~/.local/share/walker`;
/// 4. the *checkout*'s that this walker was built in;
/// 5. the *system*'s: `share/walker` of this installation, then of each of `$XDG_DATA_DIRS` (`/usr/local/share:/usr/share`).
struct SearchPath: Sendable {
  enum Origin: String, Sendable { case given, project, user, checkout, system }

  struct Folder: Sendable, Hashable {
    let origin: Origin
    let path: String
  }

  /// There or not.
  let folders: [Folder]
  /// Where what is new goes: what was given, the project where there is one, the checkout, else the user's folder.
  let home: String

  /// - Parameter name: the folder's name in each of the places: `Annotations`.
  init(_ name: String, given: String?, installation: Installation) {
    if let given {
      folders = [Folder(origin: .given, path: given)]
      home = given
      return
    }
    var folders = [Folder(origin: .project, path: name)]
    let user = Self.userData.map { "\($0)/walker/\(name)" }
    if let user { folders.append(Folder(origin: .user, path: user)) }
    if let checkout = installation.checkout {
      folders.append(Folder(origin: .checkout, path: "\(checkout)/\(name)"))
    }
    let system = ([installation.prefix.map { $0 + "/share" }].compactMap(\.self) + Self.systemData)
      .map { "\($0)/walker/\(name)" }
    for path in system where !folders.contains(where: { $0.path == path }) {
      folders.append(Folder(origin: .system, path: path))
    }
    self.folders = folders
    let isProject = isFolder("Annotations") || isFolder("kernel-snippets")
    home = isProject ? name : installation.checkout.map { "\($0)/\(name)" } ?? user ?? name
  }

  /// Those that are there, in their order.
  var present: [String] { folders.map(\.path).filter(isFolder) }

  private static var userData: String? {
    if let base = Terminal.environment("XDG_DATA_HOME"), base.hasPrefix("/") { return base }
    return Terminal.environment("HOME").map { $0 + "/.local/share" }
  }

  private static var systemData: [String] {
    (Terminal.environment("XDG_DATA_DIRS") ?? "/usr/local/share:/usr/share").split(separator: ":").map(String.init)
      .filter { $0.hasPrefix("/") }
      .map { $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
  }
}

/// Where this walker's executable lies, and what belongs to it.
struct Installation: Sendable {
  /// The executable's folder.
  let folder: String
  /// The checkout that it was built in.
  let checkout: String?
  /// `/usr` of `/usr/bin/walker`.
  let prefix: String?

  init() {
    let path =
      // Without /proc the name that it was called by is as near as one gets; what is not found there is told.
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    self.folder = folder
    prefix = folder.hasSuffix("/bin") ? String(folder.dropLast("/bin".count)) : nil
    var parent = folder
    var checkout: String?
    while checkout == nil, let slash = parent.lastIndex(of: "/"), slash > parent.startIndex {
      parent = String(parent[..<slash])
      if FileManager.default.fileExists(atPath: parent + "/Package.swift") { checkout = parent }
    }
    self.checkout = checkout
  }

  /// A program of walker's own that nobody calls by hand: beside the executable, or in `libexec/walker`.
  func helper(_ name: String, inCheckout path: String? = nil) -> String {
    let beside = folder + "/" + name
    let candidates =
      [beside] + [prefix.map { "\($0)/libexec/walker/\(name)" }].compactMap(\.self)
      + [path.flatMap { path in checkout.map { "\($0)/\(path)" } }].compactMap(\.self)
    return candidates.first { FileManager.default.fileExists(atPath: $0) } ?? beside
  }
}
