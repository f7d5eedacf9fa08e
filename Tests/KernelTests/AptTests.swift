import Glibc
import Testing
import WalkerModel

@testable import WalkerKernel

@Suite struct AptTests {
  private let deb822 = """
    Types: deb deb-src
    URIs: http://mirror.invalid/debian
    Suites: old old-updates
    Components: main contrib
    Signed-By: /keys/a.gpg

    Types: deb
    URIs: http://mirror.invalid/security
    Suites: old-security
    Components: main
    Signed-By:
     -----BEGIN KEY-----
     .
     abc
    Trusted: yes

    Types: deb
    URIs: http://other.invalid/apt
    Suites: old
    Components: stable

    Enabled: no
    Types: deb
    URIs: http://off.invalid/
    Suites: old
    Components: main

    Types: deb-src
    URIs: http://source.invalid/
    Suites: old
    Components: main
    """

  @Test(arguments: ["", "..", "../../tmp/y", "a/../b", "/etc", "a//b", "a/", "-x", ".x", "a b", "é", "a/b/c", "a\nb"])
  func takesOnlyNamesForSuites(_ suite: String) throws {
    try userError(mentioning: "is no suite's name") { try AptArchive.check(suite: suite) }
  }

  @Test func takesNamesOfSuites() throws {
    for suite in ["forky", "bookworm-backports", "bookworm/updates", "1.0", "sid"] {
      try AptArchive.check(suite: suite)
    }
  }

  @Test func tellsOneStateOfAFileFromAnother() throws {
    let first = "HTTP/1.1 302 Found\r\nETag: no\r\n\r\nHTTP/2 200\r\netag: \"a\"\r\ncontent-length: 7\r\n\r\n"
    let known = try #require(Download.validators(first))
    #expect(known == Download.validators("HTTP/1.1 200 OK\r\nContent-Length: 7\r\nETag: \"a\"\r\n\r\n"))
    #expect(known != Download.validators("HTTP/1.1 200 OK\r\nContent-Length: 8\r\nETag: \"a\"\r\n\r\n"))
    #expect(Download.validators("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n") == nil)
    #expect(Download.validators("") == nil)
  }

  @Test func readsBothKindsOfSources() {
    let list = """
      # deb http://no.invalid old main
      deb [arch=amd64 signed-by=/keys/a.gpg] http://mirror.invalid/debian old main contrib # why
      deb-src http://mirror.invalid/debian old main
      deb http://mirror.invalid/security old-security main
      deb broken
      """
    let parsed = AptSource.parse(list: list)
    #expect(parsed.map(\.suites) == [["old"], ["old-security"]])
    #expect(parsed.map(\.signedBy) == ["/keys/a.gpg", nil])
    #expect(parsed.map(\.components) == [["main", "contrib"], ["main"]])
    #expect(
      AptSource.parse(deb822: deb822).map(\.addresses) == [
        ["http://mirror.invalid/debian"], ["http://mirror.invalid/security"], ["http://other.invalid/apt"],
      ])
  }

  @Test func asksTheMachinesArchiveForAnotherSuite() throws {
    let configuration = AptConfiguration(sources: AptSource.parse(deb822: deb822), codename: "old")
    let entries = try configuration.entries(for: "new")
    #expect(entries.map(\.source.suites) == [["new"], ["new-updates"], ["new-security"]])
    #expect(entries.map(\.isOptional) == [false, true, true])
    #expect(entries.map(\.source.addresses).last == ["http://mirror.invalid/security"])
    #expect(try configuration.entries(for: nil).map(\.source.suites) == [["old"], ["old-updates"], ["old-security"]])
    let security = try #require(entries.last).source.paragraph
    #expect(security.hasSuffix("Signed-By: -----BEGIN KEY-----\n .\n abc\n"))
    #expect(!security.contains("Trusted"))
    try userError(mentioning: "apt", "nowhere") {
      _ = try AptConfiguration(sources: [], codename: "nowhere").entries(for: "new")
    }
  }

  @Test func readsTheMachinesConfigurationFromItsFiles() throws {
    let fixture = try Fixture()
    try fixture.write("deb http://a.invalid/debian old main\n", "sources.list")
    try fixture.write("deb http://b.invalid/debian old main\n", "parts/b.list")
    try fixture.write("Types: deb\nURIs: http://c.invalid/\nSuites: old\nComponents: main\n", "parts/c.sources")
    try fixture.write("deb http://off.invalid/debian old main\n", "parts/d.list.disabled")
    try fixture.write("ID=debian\nVERSION_CODENAME=\"old\"\n", "os-release")
    let read = try AptConfiguration(
      list: fixture.path("sources.list"), parts: fixture.path("parts"), release: fixture.path("os-release"))
    #expect(read.codename == "old")
    #expect(
      read.sources.flatMap(\.addresses) == ["http://a.invalid/debian", "http://b.invalid/debian", "http://c.invalid/"])
  }

  /// An archive in the fixture's folder with suites `new` (a meta package and 9.4-1) and `new-security` (9.4-2), signed
  /// with a key that the test makes.
  private func makeArchive(_ fixture: Fixture) throws -> AptConfiguration {
    try fixture.run(
      "mkdir -m 700 gnupg; gpg --homedir gnupg --batch --passphrase '' --quick-gen-key t@t ed25519 sign never")
    try fixture.run("gpg --homedir gnupg --export t@t > key.gpg")
    func package(_ name: String, _ version: String, _ depends: String) throws -> String {
      let file = "pool/\(name)_\(version)_all.deb"
      try fixture.write(
        "Package: \(name)\nVersion: \(version)\nArchitecture: all\nMaintainer: t\nDescription: t\n", "p/DEBIAN/control")
      try fixture.run("mkdir -p archive/pool; rm -f p/DEBIAN/control.bak; dpkg-deb -b p archive/\(file)")
      let size = try fixture.bytes("archive/" + file).count
      return """
        Package: \(name)
        Version: \(version)
        Architecture: all
        Depends: \(depends)
        Filename: \(file)
        Size: \(size)
        SHA256: \(try SHA256.hex(ofFile: fixture.path("archive/" + file)))
        Description: t


        """
    }
    func suite(_ name: String, _ packages: String) throws {
      let folder = "archive/dists/\(name)"
      try fixture.write(packages, "\(folder)/main/binary-all/Packages")
      let hash = try SHA256.hex(of: packages)
      try fixture.write(
        """
        Origin: Test
        Suite: \(name)
        Codename: \(name)
        Date: Sat, 01 Jan 2000 00:00:00 UTC
        Architectures: all
        Components: main
        SHA256:
         \(hash) \(packages.utf8.count) main/binary-all/Packages

        """, "\(folder)/Release")
      try fixture.run(
        "cd \(folder) && gpg --homedir ../../../gnupg --batch --clearsign -o InRelease Release && rm Release")
    }
    try suite(
      "new",
      package("linux-source", "9.4-1", "linux-source-9.4 (= 9.4-1), x") + package("linux-source-9.4", "9.4-1", "x"))
    try suite("new-security", package("linux-source-9.4", "9.4-2", "x") + package("linux-source-9.4", "9.4-1+b1", "x"))
    func source(_ suite: String) -> AptSource {
      AptSource(
        addresses: ["file:" + fixture.path("archive")], suites: [suite], components: ["main"],
        signedBy: fixture.path("key.gpg"))
    }
    return AptConfiguration(sources: [source("old"), source("old-security")], codename: "old")
  }

  private static let hasTools = ["apt-get", "gpg", "dpkg-deb"].allSatisfy { access("/usr/bin/" + $0, X_OK) == 0 }

  @Test(.enabled(if: hasTools, "needs apt-get, gpg and dpkg-deb"))
  func fetchesTheNewestVersionOfASuiteAndItsSecurityArchive() async throws {
    let fixture = try Fixture()
    let archive = AptArchive(
      configuration: try makeArchive(fixture), suite: "new", cache: fixture.path("cache"), progress: { _ in })
    let (package, path) = try await archive.fetch("linux-source")
    #expect(package.name == "linux-source-9.4")
    #expect(package.version == "9.4-2")
    #expect(path == fixture.path("cache/packages/linux-source-9.4_9.4-2.deb"))
    #expect(try SHA256.hex(ofFile: path) == package.sha256)
    #expect(try fixture.names("cache/packages") == ["linux-source-9.4_9.4-2.deb"])
    // Once more: nothing is downloaded, since the file is there; a damaged one is replaced.
    try fixture.run("mv archive/pool hidden")
    #expect(try await archive.fetch("linux-source-9.4").path == path)
    try fixture.run("mv hidden archive/pool; printf x | dd of=cache/packages/linux-source-9.4_9.4-2.deb conv=notrunc")
    #expect(try await archive.fetch("linux-source-9.4").path == path)
    #expect(try SHA256.hex(ofFile: path) == package.sha256)
    await #expect { _ = try await archive.fetch("linux-source-9.5") } throws: { error in
      (error as? UserError)?.message.contains("suite new has no package linux-source-9.5") == true
    }
  }

  @Test(.enabled(if: hasTools, "needs apt-get, gpg and dpkg-deb"))
  func refusesASuiteThatIsNotSignedOrNotThere() async throws {
    let fixture = try Fixture()
    let configuration = try makeArchive(fixture)
    func message(_ suite: String) async throws -> String {
      let archive = AptArchive(
        configuration: configuration, suite: suite, cache: fixture.path("cache"), progress: { _ in })
      do { _ = try await archive.fetch("linux-source") } catch let error as UserError { return error.message }
      return "no error"
    }
    #expect(try await message("none").contains("suite none"))
    let release = String(decoding: try fixture.bytes("archive/dists/new/InRelease"), as: UTF8.self)
    try fixture.write(release.replacing("Origin: Test", with: "Origin: Evil"), "archive/dists/new/InRelease")
    #expect(try await message("new").contains("sign"))
    try fixture.run(
      "gpg --homedir gnupg --batch -o archive/dists/new/Release --decrypt archive/dists/new/InRelease; rm archive/dists/new/InRelease || true"
    )
    try fixture.write(
      release.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined(separator: "\n") + "\n",
      "archive/dists/new/Release")
    #expect(try await message("new").contains("sign"))
  }
}
