#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// The environment variables.
enum ProcessEnvironment {
    /// Nil when the variable is not set.
    static func value(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}

/// What the process was called with.
enum ProcessArguments {
    /// The arguments without the program's name; nil when one is not UTF-8, which Swift would repair into another name.
    static func all() -> [String]? {
        var arguments: [String] = []
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let argument = unsafe CommandLine.unsafeArgv[index] else { break }
            guard let text = unsafe String(validatingCString: argument) else { return nil }
            arguments.append(text)
        }
        return arguments
    }
}

/// Clocks.
enum Clock {
    /// Monotonic.
    static func seconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
