# Archives of each format, with each filter, written, listed, unpacked.
mkdir -p $OUT/in/sub; cp README.md $OUT/in; ln -s README.md $OUT/in/link
ln $OUT/in/README.md $OUT/in/sub/hard
for f in ustar pax gnutar cpio newc odc bin zip 7zip iso9660 xar mtree shar \
	raw warc ar arbsd v7tar; do
	$RUN ./bsdtar -c --format $f -f $OUT/a.$f -C $OUT in
	$RUN ./bsdtar -tvf $OUT/a.$f
	mkdir -p $OUT/out; $RUN ./bsdtar -xf $OUT/a.$f -C $OUT/out
done
for f in gzip bzip2 xz lzma lzip compress uuencode b64encode lz4 zstd lrzip; do
	$RUN ./bsdtar -c --$f -f $OUT/a.tar.$f -C $OUT in
	$RUN ./bsdtar -tf $OUT/a.tar.$f
done
$RUN ./bsdtar -c --exclude '*.o' -s ',in,out,' --newer-mtime 2000-01-01 \
	-f $OUT/b.tar @$OUT/a.ustar -C $OUT in
find $OUT/in | $RUN ./bsdcpio -o -H newc > $OUT/c.cpio
$RUN ./bsdcpio -it < $OUT/c.cpio
$RUN ./bsdcat $OUT/a.tar.gzip
for it in libarchive/test/*.uu; do
	uudecode -o $OUT/x $it 2>/dev/null || python3 -c "
import binascii, sys
with open('$it', errors='replace') as f, open('$OUT/x', 'wb') as out:
    for line in f:
        try: out.write(binascii.a2b_uu(line))
        except Exception: pass"
	timeout 20 $RUN ./bsdtar -tf $OUT/x; done
