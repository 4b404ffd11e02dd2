package migrate

// A key falls into one of 10000 buckets; new serves the buckets below the share. The bucket depends
// on the name of the pair and on the key, and on nothing else: every replica, architecture and
// version of this package agrees with no shared state, and a growing share only adds members. The
// name is salt, so that two pairs at 10 % do not pick the same unlucky users, and the zero byte
// keeps ("a", "bc") apart from ("ab", "c").
//
// FNV-1a alone is not enough: its high bits are biased for keys that count upwards (11.2 % instead
// of 10 % measured), so the finaliser of MurmurHash3 mixes them. Changing one line here moves users
// between sides in the middle of a rollout.

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// Bucket is the bucket, 0 to 9999, of a key in the pair of that name: fmix64(fnv1a64(name, 0, key))
// mod 10000. It is frozen. Use it to find out in advance, or in another language, who is in the
// canary.
func Bucket(name, key string) int { return int(hash(salt(name), key) % shareUnit) }

// salt returns the state of FNV-1a after the name and the zero byte, computed once per pair.
func salt(name string) uint64 {
	return fnv1a(fnvOffset, name) * fnvPrime // xor with the zero byte changes nothing
}

func fnv1a(h uint64, s string) uint64 {
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

func hash(salt uint64, key string) uint64 {
	h := fnv1a(salt, key)
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	h ^= h >> 33
	return h
}
