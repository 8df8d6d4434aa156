// A database that is filled, read, compacted, opened again.
#include <cstdio>
#include <memory>
#include "leveldb/cache.h"
#include "leveldb/db.h"
#include "leveldb/env.h"
#include "leveldb/filter_policy.h"
#include "leveldb/write_batch.h"

int main(int argc, char **argv)
{
	leveldb::Options options;
	leveldb::DB *db = nullptr;
	std::string value;

	if (argc < 2)
		return 1;
	options.create_if_missing = true;
	options.write_buffer_size = 64 << 10;
	options.filter_policy = leveldb::NewBloomFilterPolicy(10);
	options.block_cache = leveldb::NewLRUCache(1 << 20);
	for (int round = 0; round < 2; round++) {
		if (!leveldb::DB::Open(options, argv[1], &db).ok())
			return 1;
		for (int i = 0; i < 5000; i++) {
			leveldb::WriteBatch batch;
			std::string key = "key" + std::to_string(i * 7919 % 5000);
			batch.Put(key, std::string(100, 'a' + i % 26));
			if (i % 5 == 0)
				batch.Delete("key" + std::to_string(i));
			db->Write(leveldb::WriteOptions(), &batch);
		}
		const leveldb::Snapshot *snapshot = db->GetSnapshot();
		leveldb::Iterator *it = db->NewIterator(leveldb::ReadOptions());
		int n = 0;
		for (it->SeekToFirst(); it->Valid(); it->Next())
			n++;
		for (it->SeekToLast(); it->Valid() && n-- > 0; it->Prev())
			;
		delete it;
		db->ReleaseSnapshot(snapshot);
		db->Get(leveldb::ReadOptions(), "key17", &value);
		db->CompactRange(nullptr, nullptr);
		db->GetProperty("leveldb.stats", &value);
		puts(value.c_str());
		delete db;
	}
	leveldb::RepairDB(argv[1], options);
	leveldb::DestroyDB(argv[1], options);
}
