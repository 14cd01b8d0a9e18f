// One import for users: the types of the layers below that the public interface speaks in.
@_exported public import ChainCrypto
@_exported public import ChainRecord
@_exported public import DeterministicCBOR
