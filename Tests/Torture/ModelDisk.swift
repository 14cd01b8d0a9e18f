import AttestationChain

/// A file system in memory that knows what is on disk and what is only in the page cache.
///
/// It keeps only what POSIX promises: content and size of a file are durable after fsync of the file, names after fsync of
/// the directory. Anything else a crash may take, block by block.
struct ModelDisk: Sendable {
    struct Inode: Sendable {
        /// What every process sees.
        var cache: [UInt8] = []
        /// What a crash leaves, whatever else it takes.
        var durable: [UInt8] = []
        /// Blocks of the cache that may or may not be on disk.
        var dirty: Set<Int> = []

        /// What is on disk when the size and some of the dirty blocks are.
        func content(size: Int, keepsBlock: (Int) -> Bool) -> [UInt8] {
            var content = Array(durable.prefix(size))
            if content.count < size { content += [UInt8](repeating: 0, count: size - content.count) }
            for block in dirty where keepsBlock(block) {
                let start = block * ModelDisk.blockSize
                let end = min(start + ModelDisk.blockSize, size, cache.count)
                if start < end { content.replaceSubrange(start..<end, with: cache[start..<end]) }
            }
            return content
        }
    }

    enum NameChange: Sendable {
        case set(String, Int)
        case remove(String)
        /// Atomic: after a crash either both names are as before or both are as after.
        case rename(String, to: String, Int)
    }

    static let blockSize = 512

    var inodes: [Int: Inode] = [:]
    /// Paths of files, as every process sees them.
    var names: [String: Int] = [:]
    var durableNames: [String: Int] = [:]
    /// Changes of names that are not durable, in their order.
    var pendingNames: [NameChange] = []
    var directories: Set<String> = []
    private var nextInode = 1

    mutating func create(_ path: String) -> Int {
        let inode = nextInode
        nextInode += 1
        inodes[inode] = Inode()
        change(.set(path, inode))
        return inode
    }

    mutating func change(_ change: NameChange) {
        Self.apply(change, to: &names)
        pendingNames.append(change)
    }

    static func apply(_ change: NameChange, to names: inout [String: Int]) {
        switch change {
        case .set(let path, let inode): names[path] = inode
        case .remove(let path): names[path] = nil
        case .rename(let path, let target, let inode):
            names[path] = nil
            names[target] = inode
        }
    }

    mutating func write(_ bytes: ArraySlice<UInt8>, to inode: Int, at offset: Int) {
        guard !bytes.isEmpty, var file = inodes[inode] else { return }
        inodes[inode] = nil
        let end = offset + bytes.count
        let oldSize = file.cache.count
        if file.cache.count < end { file.cache += [UInt8](repeating: 0, count: end - file.cache.count) }
        file.cache.replaceSubrange(offset..<end, with: bytes)
        for block in (min(offset, oldSize) / Self.blockSize)...((end - 1) / Self.blockSize) { file.dirty.insert(block) }
        inodes[inode] = file
    }

    mutating func truncate(_ inode: Int, to size: Int) {
        guard var file = inodes[inode] else { return }
        inodes[inode] = nil
        if size < file.cache.count {
            file.cache.removeSubrange(size...)
        } else {
            file.cache += [UInt8](repeating: 0, count: size - file.cache.count)
        }
        file.dirty.insert(size / Self.blockSize)
        inodes[inode] = file
    }

    /// fsync of a file: the dirty blocks, and the size. What the cache holds besides stays in the cache.
    mutating func synchronize(_ inode: Int) {
        guard let file = inodes[inode] else { return }
        inodes[inode]?.durable = file.content(size: file.cache.count) { _ in true }
        inodes[inode]?.dirty = []
    }

    /// A failed fsync: the kernel calls the pages clean, and they never reach the disk (seen on ext4 and XFS).
    mutating func dropDirty(_ inode: Int) {
        inodes[inode]?.dirty = []
    }

    /// fsync of a directory.
    mutating func synchronizeNames() {
        durableNames = names
        pendingNames = []
    }

    /// What a process finds after the machine has crashed.
    ///
    /// - Parameters:
    ///   - names: how many of the pending changes of names have reached the disk.
    ///   - keepsBlock: whether a dirty block has.
    ///   - keepsSize: whether the file's new size has.
    func crashed(
        names: Int, keepsBlock: (_ inode: Int, _ block: Int) -> Bool, keepsSize: (_ inode: Int) -> Bool
    ) -> ModelDisk {
        var after = self
        after.names = durableNames
        for change in pendingNames.prefix(names) { Self.apply(change, to: &after.names) }
        after.durableNames = after.names
        after.pendingNames = []
        let reachable = Set(after.names.values)
        for (number, file) in inodes {
            guard reachable.contains(number) else {
                after.inodes[number] = nil
                continue
            }
            let size = keepsSize(number) ? file.cache.count : file.durable.count
            let content = file.content(size: size) { keepsBlock(number, $0) }
            after.inodes[number]?.cache = content
            after.inodes[number]?.durable = content
            after.inodes[number]?.dirty = []
        }
        return after
    }
}
