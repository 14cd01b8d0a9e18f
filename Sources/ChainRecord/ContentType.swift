/// The record types that this version knows rules for.
public enum ContentType {
    public static let genesis = "attestation-chain/genesis-v1"
    public static let keyRotation = "soosef/key-rotation-v1"
    /// Types that begin with this are this project's; unknown ones are reported and skipped.
    public static let reservedPrefix = "attestation-chain/"
}
