// One CBOR item head at a time, read by libcbor's streaming decoder, without callbacks on the Swift side.
//
// libcbor hands each item to a callback. The callbacks' parameter types changed from size_t to uint64_t in libcbor 0.10,
// so the table lives here, where the C compiler picks the right type, and Swift sees one struct.

#ifndef ATTESTATION_CHAIN_CCBOR_SHIM_H
#define ATTESTATION_CHAIN_CCBOR_SHIM_H

#include <cbor/callbacks.h>
#include <cbor/common.h>
#include <cbor/encoding.h>
#include <cbor/streaming.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum chain_cbor_kind {
  CHAIN_CBOR_NEEDS_MORE = 0,
  CHAIN_CBOR_MALFORMED,
  CHAIN_CBOR_UNSIGNED,
  CHAIN_CBOR_NEGATIVE,
  CHAIN_CBOR_BYTES,
  CHAIN_CBOR_TEXT,
  CHAIN_CBOR_ARRAY,
  CHAIN_CBOR_MAP,
  CHAIN_CBOR_TAG,
  CHAIN_CBOR_BOOL,
  CHAIN_CBOR_NULL,
  CHAIN_CBOR_UNDEFINED,
  CHAIN_CBOR_FLOAT,
  CHAIN_CBOR_INDEFINITE,
  CHAIN_CBOR_BREAK,
};

struct chain_cbor_item {
  // The integer (n of -1 - n for negative ones), string length, element or pair count, tag number, or boolean.
  uint64_t value;
  // The value of a float, widened.
  double number;
  // Bytes consumed: the head, and for strings their content too.
  size_t read;
  uint32_t kind;
};

#if CBOR_MAJOR_VERSION == 0 && CBOR_MINOR_VERSION < 10
typedef size_t chain_cbor_length;
#else
typedef uint64_t chain_cbor_length;
#endif

static inline void chain_cbor_set(void *item, uint32_t kind, uint64_t value) {
  ((struct chain_cbor_item *)item)->kind = kind;
  ((struct chain_cbor_item *)item)->value = value;
}
static void chain_cbor_uint8(void *i, uint8_t v) { chain_cbor_set(i, CHAIN_CBOR_UNSIGNED, v); }
static void chain_cbor_uint16(void *i, uint16_t v) { chain_cbor_set(i, CHAIN_CBOR_UNSIGNED, v); }
static void chain_cbor_uint32(void *i, uint32_t v) { chain_cbor_set(i, CHAIN_CBOR_UNSIGNED, v); }
static void chain_cbor_uint64(void *i, uint64_t v) { chain_cbor_set(i, CHAIN_CBOR_UNSIGNED, v); }
static void chain_cbor_negint8(void *i, uint8_t v) { chain_cbor_set(i, CHAIN_CBOR_NEGATIVE, v); }
static void chain_cbor_negint16(void *i, uint16_t v) { chain_cbor_set(i, CHAIN_CBOR_NEGATIVE, v); }
static void chain_cbor_negint32(void *i, uint32_t v) { chain_cbor_set(i, CHAIN_CBOR_NEGATIVE, v); }
static void chain_cbor_negint64(void *i, uint64_t v) { chain_cbor_set(i, CHAIN_CBOR_NEGATIVE, v); }
static void chain_cbor_bytes(void *i, cbor_data d, chain_cbor_length n) { (void)d; chain_cbor_set(i, CHAIN_CBOR_BYTES, n); }
static void chain_cbor_text(void *i, cbor_data d, chain_cbor_length n) { (void)d; chain_cbor_set(i, CHAIN_CBOR_TEXT, n); }
static void chain_cbor_array(void *i, chain_cbor_length n) { chain_cbor_set(i, CHAIN_CBOR_ARRAY, n); }
static void chain_cbor_map(void *i, chain_cbor_length n) { chain_cbor_set(i, CHAIN_CBOR_MAP, n); }
static void chain_cbor_tag(void *i, uint64_t v) { chain_cbor_set(i, CHAIN_CBOR_TAG, v); }
static void chain_cbor_bool(void *i, bool v) { chain_cbor_set(i, CHAIN_CBOR_BOOL, v); }
static void chain_cbor_null(void *i) { chain_cbor_set(i, CHAIN_CBOR_NULL, 0); }
static void chain_cbor_undefined(void *i) { chain_cbor_set(i, CHAIN_CBOR_UNDEFINED, 0); }
static void chain_cbor_indefinite(void *i) { chain_cbor_set(i, CHAIN_CBOR_INDEFINITE, 0); }
static void chain_cbor_break(void *i) { chain_cbor_set(i, CHAIN_CBOR_BREAK, 0); }
static void chain_cbor_float(void *i, float v) {
  chain_cbor_set(i, CHAIN_CBOR_FLOAT, 0);
  ((struct chain_cbor_item *)i)->number = v;
}
static void chain_cbor_double(void *i, double v) {
  chain_cbor_set(i, CHAIN_CBOR_FLOAT, 0);
  ((struct chain_cbor_item *)i)->number = v;
}

static const struct cbor_callbacks chain_cbor_callbacks = {
    .uint8 = chain_cbor_uint8,
    .uint16 = chain_cbor_uint16,
    .uint32 = chain_cbor_uint32,
    .uint64 = chain_cbor_uint64,
    .negint64 = chain_cbor_negint64,
    .negint32 = chain_cbor_negint32,
    .negint16 = chain_cbor_negint16,
    .negint8 = chain_cbor_negint8,
    .byte_string_start = chain_cbor_indefinite,
    .byte_string = chain_cbor_bytes,
    .string = chain_cbor_text,
    .string_start = chain_cbor_indefinite,
    .indef_array_start = chain_cbor_indefinite,
    .array_start = chain_cbor_array,
    .indef_map_start = chain_cbor_indefinite,
    .map_start = chain_cbor_map,
    .tag = chain_cbor_tag,
    .float2 = chain_cbor_float,
    .float4 = chain_cbor_float,
    .float8 = chain_cbor_double,
    .undefined = chain_cbor_undefined,
    .null = chain_cbor_null,
    .boolean = chain_cbor_bool,
    .indef_break = chain_cbor_break,
};

// Reads the item at `bytes`, of which `count` bytes are there. `kind` says when it needs more or is malformed.
static inline struct chain_cbor_item chain_cbor_next(const uint8_t *bytes, size_t count) {
  struct chain_cbor_item item = {0, 0, 0, CHAIN_CBOR_NEEDS_MORE};
  // libcbor must not be handed a null pointer, which is what an empty Swift buffer may be.
  if (count == 0) return item;
  // libcbor 0.8 refuses the one-byte tags 6 to 20 as unassigned, COSE_Sign1's 18 among them.
  if (bytes[0] >= 0xC0 && bytes[0] <= 0xD7) {
    item.kind = CHAIN_CBOR_TAG;
    item.value = bytes[0] & 0x1F;
    item.read = 1;
    return item;
  }
  struct cbor_decoder_result result = cbor_stream_decode(bytes, count, &chain_cbor_callbacks, &item);
  item.read = result.read;
  if (result.status == CBOR_DECODER_NEDATA) item.kind = CHAIN_CBOR_NEEDS_MORE;
  if (result.status == CBOR_DECODER_ERROR) item.kind = CHAIN_CBOR_MALFORMED;
  return item;
}

#endif
