import Testing
import WalkerModel

@testable import WalkerKernel

@Suite struct ImageTests {
  @Test(arguments: [
    ("6.12.117+deb12-cloud-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1~deb12u1 (2026-11-14)", "6.12.117", true),
    ("6.1.0-56-cloud-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)", "6.1.192", true),
    ("6.1.0-56-cloud-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)", "6.1.176", false),
    ("6.9.3 #4 SMP Tue", "6.9.3", true),
    ("7.2.0-custom #1", "7.2.0", true),
    ("6.12.117+deb12-cloud-amd64 #1 SMP Debian 6.12.117-1", "6.1.192", false),
    ("", "6.12", false),
  ])
  func tellsWhetherAKernelIsOfASource(_ stated: String, _ version: String, _ expected: Bool) {
    #expect(KernelVersion.isBuilt(stated, from: version) == expected)
  }

  @Test func writesAnArchiveThatAKernelUnpacks() throws {
    let bytes = try Initramfs.archive(
      folders: ["proc"],
      files: [
        .init(path: "init", bytes: Array("program".utf8), isExecutable: true),
        .init(path: "questions", bytes: [], isExecutable: false),
      ])
    let text = String(decoding: bytes, as: UTF8.self)
    // The magic number of "newc", then inode and mode in hexadecimal.
    #expect(text.hasPrefix("070701"))
    let entries = text.split(separator: "070701").map { $0.dropFirst(8).prefix(8) }
    #expect(entries.prefix(3) == ["000041ed", "000081ed", "000081a4"])
    #expect(text.contains("program") && text.contains("TRAILER!!!"))
  }

  @Test func saysThatAnImageIsNotThere() {
    #expect(throws: UserError("there is no kernel image /no/vmlinuz: give a vmlinuz file")) {
      try KernelImages.file("/no/vmlinuz")
    }
  }

  @Test func asksNoArchiveForAnImageThatWasUnpackedBefore() async throws {
    let fixture = try Fixture()
    let set = fixture.path("set")
    let package = Provenance.Package(name: "linux-source-9.4", version: "9.4.7-2")
    let provenance = Provenance(
      format: Provenance.currentFormat, name: "9.4", source: "apt:linux-source-9.4@no-such-suite",
      kernelVersion: "9.4.7",
      package: package, archive: nil, commit: nil, licence: "", walkthroughs: [], files: [], index: [], maker: nil)
    try fixture.write(try provenance.encoded(), "set/\(Provenance.fileName)")
    try fixture.write("image", "images/linux-image-9.4.7-cloud-amd64-unsigned_9.4.7-2/vmlinuz")
    try fixture.write("image", "images/linux-image-9.4.7-cloud-amd64_9.4.7-2/vmlinuz")
    try fixture.write("CONFIG_NET=y", "images/linux-image-9.4.7-cloud-amd64_9.4.7-2/config")
    try fixture.write("image", "images/linux-image-9.4.7-cloud-amd64_9.4.7-1/vmlinuz")
    try fixture.run(
      "cd images && for d in *; do (cd $d && sha256sum $(ls vmlinuz config 2>/dev/null | sort -r) > SHA256SUMS); done")
    // Another image under the shortest name, which is not as it was unpacked.
    try fixture.run(
      "cp -r images/linux-image-9.4.7-cloud-amd64_9.4.7-2 images/a_9.4.7-2; echo x >> images/a_9.4.7-2/vmlinuz")
    let images = KernelImages(catalog: try KernelCatalog(folder: fixture.path("catalog")), cache: fixture.folder) { _ in
    }
    let image = try await images.image(
      for: KernelReference(name: "9.4", kind: .set(set), source: provenance.source))
    #expect(image.source == "linux-image-9.4.7-cloud-amd64 9.4.7-2")
    #expect(image.path == fixture.path("images/linux-image-9.4.7-cloud-amd64_9.4.7-2/vmlinuz"))
    #expect(image.configuration == fixture.path("images/linux-image-9.4.7-cloud-amd64_9.4.7-2/config"))
  }
}
