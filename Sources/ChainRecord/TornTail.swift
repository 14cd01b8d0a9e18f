internal import DeterministicCBOR

/// Tells what a crash leaves behind the last record from damage: docs/format.md, "The end of the file".
package enum TornTail {
    /// Whether `tail`, the bytes from the end of the longest verified prefix to the end of the file, is what a crash
    /// leaves.
    ///
    /// - Parameters:
    ///   - tail: ``ChainFormat/maximumFrameSize`` bytes or more are never a torn tail.
    ///   - offset: where in the file `tail` begins.
    ///   - index: of the record that should stand there.
    package static func isTorn(_ tail: Span<UInt8>, at offset: Int, index: Int) -> Bool {
        guard tail.count < ChainFormat.maximumFrameSize else { return false }
        if tail.count < ChainFormat.lengthPrefixSize { return true }
        return (stopsEarly(tail) || hasHole(tail, at: offset)) && !holdsLaterWrite(tail, index: index)
    }

    /// Whether a record stands in `tail` that no crash can have left there: a sound one at its beginning, or one that was
    /// written after the one at its beginning was acknowledged. Cutting it off would cut off acknowledged records.
    private static func holdsLaterWrite(_ tail: Span<UInt8>, index: Int) -> Bool {
        let prefixSize = ChainFormat.lengthPrefixSize
        let smallest = ChainFormat.signaturePairSize
        var start = 0
        while start + prefixSize + smallest <= tail.count {
            defer { start += 1 }
            guard tail[start + prefixSize] == ChainFormat.recordMapHead else { continue }
            let length = Frame.length(in: tail, at: start)
            guard Frame.isAllowed(length: length), start + prefixSize + length <= tail.count else { continue }
            let bytes = tail.extracting((start + prefixSize)..<(start + prefixSize + length))
            guard let layout = try? RecordLayout(parsing: bytes) else { continue }
            let isLater = layout.chainIndex > index && layout.writeStart(in: bytes).map { $0 > index } ?? true
            if start == 0 || isLater, layout.signatureIsValid(in: bytes) { return true }
        }
        return false
    }

    /// A frame whose length is allowed, whose bytes end early, and whose CBOR only needs more bytes.
    private static func stopsEarly(_ tail: Span<UInt8>) -> Bool {
        let length = Frame.length(in: tail, at: 0)
        guard Frame.isAllowed(length: length), tail.count < ChainFormat.lengthPrefixSize + length else { return false }
        var cursor = CBORCursor(at: ChainFormat.lengthPrefixSize)
        do throws(CBORError) {
            try cursor.skip(in: tail)
            return false
        } catch {
            return error.code == .needsMoreBytes
        }
    }

    /// Blocks that the crash kept from the disk read as zero.
    private static func hasHole(_ tail: Span<UInt8>, at offset: Int) -> Bool {
        let prefixSize = ChainFormat.lengthPrefixSize
        let length = Frame.length(in: tail, at: 0)
        let firstPieceSize = min(ChainFormat.diskBlockSize - offset % ChainFormat.diskBlockSize, tail.count)
        let firstPieceIsHole = isZero(tail, 0..<firstPieceSize)
        if firstPieceIsHole {
            if firstPieceSize >= prefixSize || prefixWasCut(tail, zeroBytes: firstPieceSize) { return true }
        }
        // Where the length itself may be lost, a hole anywhere behind it counts.
        let frameEnd = firstPieceIsHole || !Frame.isAllowed(length: length) ? tail.count : prefixSize + length
        var start = firstPieceSize
        while start < min(frameEnd, tail.count) {
            let end = min(start + ChainFormat.diskBlockSize, tail.count)
            if isZero(tail, start..<end) { return true }
            start = end
        }
        return false
    }

    /// Whether a whole item stands behind the length, and the length is its size but for bytes that became zero.
    private static func prefixWasCut(_ tail: Span<UInt8>, zeroBytes: Int) -> Bool {
        var cursor = CBORCursor(at: ChainFormat.lengthPrefixSize)
        do throws(CBORError) {
            try cursor.skip(in: tail)
        } catch {
            return false
        }
        let size = cursor.offset - ChainFormat.lengthPrefixSize
        let lostBits = zeroBytes * 8
        let keptMask = 0xFFFF_FFFF >> lostBits
        let length = Frame.length(in: tail, at: 0)
        return Frame.isAllowed(length: size) && size != length && size & keptMask == length
    }

    private static func isZero(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where bytes[index] != 0 { return false }
        return true
    }
}
