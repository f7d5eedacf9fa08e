/// The one place that holds walker's version, as semver.org has it; CHANGELOG.md says what changed for users.
///
/// Scripts/version.sh reads it from here for packages, tarballs and the man pages.
public enum WalkerVersion {
  public static let current = "0.9.0"
}
