/* Where a state belongs: a hash whose high bits say how far into the table.
 *
 * A state of one word is mixed by a bijection of its used bits, so that the part of the hash that
 * is not told by the place in the table is all a table has to keep (pm_compact.h); the bits are
 * moved to the top of the hash. Multiplying by an odd number can be undone by multiplying with its
 * inverse, and folding the upper half down by doing it again. States of more words are hashed. */
#ifndef PM_MIX_H
#define PM_MIX_H

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 u128;
#endif

/* The upper 64 bits of the product. */
static inline u64 mul_high(u64 a, u64 b)
{
#ifdef __SIZEOF_INT128__
    return (u64)((u128)a * b >> 64);
#else
    const u64 a0 = a & 0xffffffff, a1 = a >> 32, b0 = b & 0xffffffff, b1 = b >> 32;
    const u64 middle = a1 * b0 + (a0 * b0 >> 32), other = a0 * b1 + (middle & 0xffffffff);
    return a1 * b1 + (middle >> 32) + (other >> 32);
#endif
}

#define MIX_1 0x9E3779B97F4A7C15ULL
#define MIX_2 0xD6E8FEB86659FD93ULL
#define FEWEST_BITS 24

/* How many bits the hash of a state of one word has; the lower ones are 0. */
static inline unsigned mixed_bits(void)
{
    return pm_facts.last_bits < FEWEST_BITS ? FEWEST_BITS : pm_facts.last_bits;
}

static inline u64 low_bits(unsigned count)
{
    return ~0ULL >> (64 - count);
}

static inline u64 hash_of(const u64 *s)
{
#if PM_WORDS == 1
    const unsigned bits = mixed_bits(), up = 64 - bits;
    u64 h = (s[0] & ~PM_TAG) * MIX_1 << up;
    h ^= h >> (bits / 2 + 1) & ~0ULL << up;
    return (h >> up) * MIX_2 << up;
#else
    u64 h = 0;
    for (int i = 0; i < PM_WORDS; i++) {
        h = (h ^ s[i]) * MIX_1;
        h ^= h >> 32;
    }
    return h * MIX_2;
#endif
}

/* The inverse of an odd number modulo 2**64, by Newton's iteration. */
static inline u64 inverse_of(u64 odd)
{
    u64 inverse = odd;
    for (int i = 0; i < 5; i++)
        inverse *= 2 - odd * inverse;
    return inverse;
}

/* The state of one word that has the hash. The inverses are passed: they are always the same. */
static inline u64 unmixed(u64 hash, u64 inverse_1, u64 inverse_2)
{
    const unsigned bits = mixed_bits(), up = 64 - bits;
    u64 h = (hash >> up) * inverse_2 << up;
    h ^= h >> (bits / 2 + 1) & ~0ULL << up;
    return ((h >> up) * inverse_1 & low_bits(bits)) | PM_TAG;
}

#endif
