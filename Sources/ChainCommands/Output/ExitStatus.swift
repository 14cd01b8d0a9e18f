/// What the process ends with. Outside scripts rely on the numbers.
package enum ExitStatus: Int32, Sendable {
    /// Done; what was checked holds.
    case done = 0
    /// Checked and found invalid.
    case invalid = 1
    /// Valid up to a torn tail.
    case torn = 2
    /// Shorter than, or different from, what a pin or state.cbor says.
    case rolledBack = 3
    case usage = 64
    /// Input that cannot be decoded.
    case undecodable = 65
    case notFound = 66
    case exists = 73
    case inputOutput = 74
    case locked = 75
    /// The key is not authorized, or the system does not permit it.
    case notPermitted = 77
}
