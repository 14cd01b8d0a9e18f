import Foundation

/// Runs a command on a pseudoterminal, with python3's pty module.
enum Terminal {
    /// The outcome has everything that the terminal was sent as its output.
    static func run(_ command: String, in workspace: Workspace, environment: [String: String] = [:]) throws -> Outcome {
        let script = """
            import os, pty, sys
            status = pty.spawn(["/bin/sh", "-c", sys.argv[1]], lambda fd: os.read(fd, 65536))
            sys.exit(os.waitstatus_to_exitcode(status))
            """
        return try workspace.run(
            "/usr/bin/env", ["python3", "-c", script, command], input: Data(),
            environment: environment.merging(["TERM": "xterm"]) { own, _ in own })
    }
}
