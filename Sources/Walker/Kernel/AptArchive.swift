internal import Glibc
internal import WalkerModel

/// Packages from the archive that the machine's apt is configured with, without touching the machine's own apt state:
/// lists, caches and configuration lie in walker's cache. apt checks the signatures.
struct AptArchive: Sendable {
  struct Package: Sendable, Equatable {
    var name: String
    var version: String
    var size: Int
    var sha256: String
    var depends: String

    /// What a meta package stands for: `linux-source-7.2` of `linux-source`.
    var versionedPackage: String? {
      guard !name.contains(where: \.isNumber) else { return nil }
      return depends.split(separator: ",").map { $0.prefix { $0 != "(" }.trimmed }.first { $0.hasPrefix(name + "-") }
    }
  }

  let configuration: AptConfiguration
  /// nil: the machine's own release.
  let suite: String?
  let cache: String
  let progress: ProgressHandler

  private var folder: String { "\(cache)/apt/\(suite?.replacing("/", with: "_") ?? "own")" }
  var optionsFile: String { folder + "/apt.conf" }
  var place: String { suite.map { "suite \($0)" } ?? "this machine's release" }

  /// The machine's archive. Throws `UserError` when apt is not installed.
  static func ofMachine(suite: String?, cache: String, progress: @escaping ProgressHandler) async throws -> AptArchive {
    if let suite { try check(suite: suite) }
    let dump = try await Program.run(
      "apt-config", ["shell", "LIST", "Dir::Etc::sourcelist/f", "PARTS", "Dir::Etc::sourceparts/d"])
    func value(_ name: String) -> String? {
      dump.output.split(separator: "\n").first { $0.hasPrefix(name + "=") }?
        .dropFirst(name.count + 1).filter { $0 != "'" }
    }
    return AptArchive(
      configuration: try AptConfiguration(
        list: value("LIST") ?? "/etc/apt/sources.list", parts: value("PARTS") ?? "/etc/apt/sources.list.d",
        release: "/etc/os-release"),
      suite: suite, cache: cache, progress: progress)
  }

  /// A name, or two with a `/` between (`bookworm/updates`). Throws `UserError` (64) for anything else.
  static func check(suite: String) throws {
    let parts = suite.split(separator: "/", omittingEmptySubsequences: false)
    let isName =
      parts.count <= 2
      && parts.allSatisfy { part in
        guard let first = part.utf8.first, part.utf8.count < 100 else { return false }
        return CText.isWord(first) && part.utf8.allSatisfy { CText.isWord($0) || "-.+".utf8.contains($0) }
          && !part.contains("..")
      }
    guard isName else {
      throw UserError(
        "\(suite.debugDescription) is no suite's name: give apt:PACKAGE@SUITE, as in apt:linux-source@forky",
        exitStatus: ExitStatus.usage)
    }
  }

  /// Finds the newest version of the package in the suite and its security archive (a meta package's versioned one) and
  /// downloads it into the cache, unless it is there already. Gives the package and the `.deb`'s path. Throws `UserError`.
  func fetch(_ name: String) async throws -> (package: Package, path: String) {
    try await locked {
      progress(.phase("asking the archive for \(name)"))
      try await update()
      var package = try await newest(name)
      if let versioned = package.versionedPackage { package = try await newest(versioned) }
      return (package, try await download(package))
    }
  }

  /// While no other walker works on the same lists.
  func locked<Value>(_ body: () async throws -> Value) async throws -> Value {
    try Disk.makeFolders(folder)
    let lock = try FileLock(folder + "/lock")
    defer { lock.release() }
    return try await body()
  }

  func update() async throws {
    for part in ["lists/partial", "cache/archives/partial", "empty"] { try Disk.makeFolders(folder + "/" + part) }
    try Disk.write(Array(options.utf8), to: optionsFile)
    var usable: [AptSource] = []
    for (number, entry) in try configuration.entries(for: suite).enumerated() {
      let list = "\(folder)/entry-\(number).sources"
      try Disk.write(Array(entry.source.paragraph.utf8), to: list)
      let outcome = try await Program.run(
        "apt-get", ["-c", optionsFile, "-o", "Dir::Etc::sourcelist=" + list, "update"])
      if outcome.isSuccess {
        usable.append(entry.source)
      } else if !entry.isOptional {
        throw UserError(
          "apt can't use \(place) (\(outcome.reason)): check the suite's name, the network and apt's configuration")
      }
    }
    let all = usable.map(\.paragraph).joined(separator: "\n")
    try Disk.write(Array(all.utf8), to: folder + "/all.sources")
  }

  /// Hooks of the machine's configuration (which empty its caches) must not run; a list that can't be fetched is an error.
  private var options: String {
    """
    Dir::State "\(folder)";
    Dir::State::lists "\(folder)/lists";
    Dir::State::status "/dev/null";
    Dir::Cache "\(folder)/cache";
    Dir::Etc::sourcelist "\(folder)/all.sources";
    Dir::Etc::sourceparts "\(folder)/empty";
    Dir::Etc::preferences "/dev/null";
    Dir::Etc::preferencesparts "\(folder)/empty";
    APT::Sandbox::User "";
    #clear APT::Update::Pre-Invoke;
    #clear APT::Update::Post-Invoke;
    #clear APT::Update::Post-Invoke-Success;
    #clear APT::Default-Release;
    APT::Update::Error-Mode "any";
    APT::Get::List-Cleanup "false";
    APT::Get::AllowUnauthenticated "false";
    Acquire::AllowInsecureRepositories "false";
    Acquire::AllowWeakRepositories "false";
    Acquire::AllowDowngradeToInsecureRepositories "false";
    Acquire::Languages "none";
    Acquire::Retries "2";
    Acquire::http::Timeout "30";
    Acquire::https::Timeout "30";

    """
  }

  private func newest(_ name: String) async throws -> Package {
    guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "-+.".contains($0) }), name.first != "-" else {
      throw UserError(
        "\(name) is no package's name: give apt:PACKAGE, as in apt:linux-source-6.12", exitStatus: ExitStatus.usage)
    }
    let outcome = try await Program.run("apt-cache", ["-c", optionsFile, "show", name])
    var best: Package?
    for fields in ControlText.paragraphs(outcome.output) {
      guard let found = Package(fields), found.name == name else { continue }
      if let known = best, try await !isNewer(found.version, than: known.version) { continue }
      best = found
    }
    guard let best else {
      throw UserError("\(place) has no package \(name): see which linux-source packages it has, or name another suite")
    }
    return best
  }

  func isNewer(_ left: String, than right: String) async throws -> Bool {
    try await Program.run("dpkg", ["--compare-versions", left, "gt", right]).isSuccess
  }

  func download(_ package: Package) async throws -> String {
    let packages = cache + "/packages"
    let target = "\(packages)/\(package.name)_\(package.version.replacing(":", with: "%3a")).deb"
    if Disk.status(target)?.size == package.size, try SHA256.hex(ofFile: target) == package.sha256 { return target }
    let temporary = try Disk.makeTemporaryFolder(for: target)
    // What stays behind is removed by a later run, once this process is gone (`Leftovers`).
    defer { try? Disk.remove(temporary) }
    progress(.phase("downloading \(package.name) \(package.version)"))
    let report = progress
    // apt writes to the folder it is started in.
    let outcome = try await Program.run(
      "env",
      ["-C", temporary, "apt-get", "-c", optionsFile, "download", "\(package.name)=\(package.version)"]
    ) {
      report(.bytes(Disk.sizeOfFiles(in: temporary), of: package.size))
    }
    guard outcome.isSuccess, let file = try Disk.names(in: temporary).first(where: { $0.hasSuffix(".deb") }) else {
      throw UserError(
        "apt can't download \(package.name) \(package.version) (\(outcome.reason)): check the network and the disk")
    }
    guard try SHA256.hex(ofFile: temporary + "/" + file) == package.sha256 else {
      throw UserError("the download of \(package.name) \(package.version) is not what its archive signed: try again")
    }
    try Disk.rename(temporary + "/" + file, to: target)
    return target
  }
}

extension AptArchive.Package {
  /// A paragraph of `apt-cache show`; nil for one that lacks what a download needs.
  init?(_ fields: [String: String]) {
    guard let name = fields["package"], let version = fields["version"], let sha256 = fields["sha256"],
      let size = fields["size"].flatMap({ Int($0) })
    else { return nil }
    self.init(
      name: name, version: version, size: size, sha256: sha256,
      depends: [fields["depends"], fields["recommends"]].compactMap { $0 }.joined(separator: ","))
  }
}

/// A lock that other walker processes wait for; it goes with the process.
private struct FileLock {
  private let descriptor: Int32

  init(_ path: String) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Disk.error("write", path) }
    while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
  }

  func release() { close(descriptor) }
}
