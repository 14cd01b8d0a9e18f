internal import CSodium

/// Secret bytes in libsodium's guarded memory: locked where the system allows, never in a core dump, zeroed at the end.
///
/// Sendable although it holds a pointer: nothing writes the memory after `init` has returned, and it is freed once.
@safe package struct SecretBytes: ~Copyable, @unchecked Sendable {
    private let base: UnsafeMutableRawPointer
    package let count: Int

    /// Allocates `count` bytes, lets `fill` write them, and makes them read-only.
    package init<Failure: Error>(
        count: Int, filledBy fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(count > 0)
        Sodium.prepare()
        guard let memory = unsafe sodium_malloc(count) else {
            preconditionFailure("out of memory for \(count) secret bytes")
        }
        do throws(Failure) {
            unsafe try fill(UnsafeMutableRawBufferPointer(start: memory, count: count))
        } catch {
            // deinit does not run for a value that was never made.
            unsafe sodium_free(memory)
            throw error
        }
        unsafe sodium_mprotect_readonly(memory)
        unsafe base = memory
        self.count = count
    }

    package borrowing func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    deinit {
        unsafe sodium_free(base)
    }
}
