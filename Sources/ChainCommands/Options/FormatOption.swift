internal import ArgumentParser

/// How results are printed.
struct FormatOption: ParsableArguments {
    @Flag(help: "Print JSON: one document, or one a line for a list.")
    var json = false
}
