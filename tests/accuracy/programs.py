"""The programs that accuracy.py measures: where their sources are in Debian,
how they are built, and what makes them allocate at many places. $RUN stands
before what is watched; $DRIVE is tests/accuracy/drive, $OUT a folder for what
is written."""
import collections

Program = collections.namedtuple("Program", "name language package build drive")

AS_IT_IS = "export ACLOCAL=: AUTOCONF=: AUTOHEADER=: AUTOMAKE=: MAKEINFO=:\n"
CONFIGURE = "./configure -q --disable-shared --enable-static"
CMAKE = "cmake -B out -DCMAKE_BUILD_TYPE=None -DBUILD_SHARED_LIBS=OFF"


def each(over, what):
    return f"for it in {over}; do [ ! -f $it ] || $RUN {what}; done\n"


C = [
    ("jansson", f"autoreconf -i; {CONFIGURE}; make -s; make -s check TESTS=",
     each("test/suites/api/test_*[a-z]", "$it")),
    ("json-c", f"{CMAKE}; make -s -C out; make -s -C out all test ARGS=-N",
     "cd out/tests\n" + each("test*", "./$it")),
    ("expat", f"sed -i s/cmakedefine.XML_DTD/define\\ XML_DTD\\ 1/ "
     f"expat/expat_config.h.cmake; {CMAKE} -S expat; make -s -C out",
     each("expat/tests/benchmark/*.xml expat/doc/*.xml testdata/*/*.xml "
          "/usr/share/xml/*/*.xml /usr/share/mime/packages/*.xml",
          "out/xmlwf/xmlwf -d $OUT -p -n -x $it") +
     "$RUN out/examples/elements < expat/doc/xmlwf.xml\n"
     "$RUN out/tests/runtests -q\n"),
    ("lua5.4", "rm src/luac.c\n"
     "echo '#define DEB_HOST_MULTIARCH \"x\"' >src/lua5.4-deb-multiarch.h\n"
     "$CC $CFLAGS -DLUA_USE_POSIX src/*.c -o lua -lm -Wl,-E",
     "$RUN ./lua $DRIVE/all.lua\n"),
    ("libyaml", f"{CMAKE} -DBUILD_TESTING=ON; make -s -C out",
     "for t in run-scanner run-parser run-loader run-emitter run-dumper; do\n" +
     each("examples/*.yaml $DRIVE/*.yaml", "out/$t $it") + "done\n"),
    ("cjson", "$CC $CFLAGS cJSON.c cJSON_Utils.c test.c -o test -lm",
     "$RUN ./test\n"),
    ("zlib", f"./configure --static; make -s",
     "$RUN ./example\n$RUN ./minigzip < zlib.h > $OUT/x.gz\n"
     "$RUN ./minigzip -d < $OUT/x.gz > $OUT/x\n"),
    ("redis", "make -s -C src MALLOC=libc OPTIMIZATION=-O2 USE_SYSTEMD=no",
     "sh $DRIVE/redis.sh"),
    ("mxml", f"{AS_IT_IS}{CONFIGURE} --disable-threads; make -s libmxml.a testmxml",
     each("test.xml /usr/share/xml/*/*.xml /usr/share/mime/packages/*.xml",
          "./testmxml $it")),
    ("yajl", f"{CMAKE}; make -s -C out",
     each("$DRIVE/*.json", "out/yajl-*/bin/json_verify < $it") +
     each("$DRIVE/*.json", "out/yajl-*/bin/json_reformat < $it") +
     "$RUN out/example/parse_config < example/sample.config\n" +
     each("test/parsing/cases/*.json", "out/test/parsing/yajl_test $it")),
    ("libxml2", f"{AS_IT_IS}{CONFIGURE} --without-python --without-lzma --without-icu "
     "--without-zlib; make -s libxml2.la xmllint testRegexp testAutomata "
     "testXPath testdict testReader",
     "sh $DRIVE/libxml2.sh"),
    ("dash", AS_IT_IS + "./configure -q; make -s", "$RUN src/dash $DRIVE/all.sh"),
    ("libarchive", f"{AS_IT_IS}{CONFIGURE} --without-xml2 --without-openssl "
     "--without-nettle; make -s",
     "sh $DRIVE/libarchive.sh"),
    ("jq", f"autoreconf -i; {CONFIGURE} --with-oniguruma=no "
     "--disable-docs --disable-maintainer-mode; make -s",
     "$RUN ./jq --run-tests tests/jq.test\n"
     "$RUN ./jq . /usr/share/iso-codes/json/*.json $DRIVE/*.json\n"),
    ("mujs", "$CC $CFLAGS -I. one.c main.c -o mujs -lm",
     "$RUN ./mujs $DRIVE/all.js\n"),
    ("cmark", f"{CMAKE} -DCMARK_TESTS=OFF; make -s -C out",
     "for t in html xml man commonmark latex; do\n"
     "$RUN out/src/cmark --smart -t $t test/spec.txt; done\n"),
    ("m4", AS_IT_IS + "./configure -q; make -s", each("examples/*.m4",
                                            "src/m4 -I examples $it")),
    ("gawk", AS_IT_IS + "./configure -q --disable-mpfr --disable-extensions; make -s",
     each("test/*.awk", "./gawk -f $it test/data.in README")),
    ("mawk", AS_IT_IS + "./configure -q; make -s", each("examples/*",
                                              "./mawk -f $it README")),
    ("nasm", AS_IT_IS + "./configure -q; make -s nasm ndisasm",
     each("test/*.asm travis/test/*.asm", "./nasm -f elf64 -g -o $OUT/x $it") +
     each("test/*.asm", "./nasm -f obj -o $OUT/x $it") +
     each("test/*.asm", "./nasm -f macho64 -o $OUT/x $it")),
    ("libconfig", f"{AS_IT_IS}{CONFIGURE} --disable-examples; make -s",
     "(cd tests && $RUN ./libconfig_tests)\n"),
    ("tcc", "./configure --cc=$CC --extra-cflags=\"$CFLAGS\"; make -s tcc "
     "libtcc1.a || make -s tcc",
     each("tests/tests2/*.c", "./tcc -B. -Iinclude -c $it -o $OUT/x.o")),
]

CPP = [
    ("tinyxml2", "$CXX $CXXFLAGS tinyxml2.cpp xmltest.cpp -o xmltest",
     "$RUN ./xmltest"),
    ("pugixml", "$CXX $CXXFLAGS -Isrc src/pugixml.cpp $DRIVE/pugixml.cc "
     "-o drive", each("tests/data/*.xml", "./drive $it")),
    ("leveldb", f"{CMAKE} -DLEVELDB_BUILD_TESTS=0 -DLEVELDB_BUILD_BENCHMARKS=0"
     "; make -s -C out leveldb; $CXX $CXXFLAGS -Iinclude -I. "
     "$DRIVE/leveldb.cc out/libleveldb.a -o drive -lsnappy -lpthread || "
     "$CXX $CXXFLAGS -Iinclude -I. $DRIVE/leveldb.cc out/libleveldb.a -o "
     "drive -lpthread", "$RUN ./drive $OUT/db"),
    ("muparser", "$CXX $CXXFLAGS -DMUPARSER_STATIC -Iinclude "
     "$(ls src/*.cpp | grep -v DLL) test/*.cpp -o t", "$RUN ./t"),
    ("gperf", AS_IT_IS + "./configure -q; make -s -C lib; make -s -C src",
     each("tests/*.gperf", "src/gperf -m5 -D -t $it")),
    ("libjsoncpp", f"{CMAKE} -DJSONCPP_WITH_POST_BUILD_UNITTEST=OFF "
     "-DBUILD_OBJECT_LIBS=OFF; make -s -C out",
     "$RUN out/bin/jsoncpp_test\n" +
     each("test/data/*.json", "out/bin/jsontestrunner_exe $it")),
    ("yaml-cpp", f"{CMAKE} -DYAML_CPP_BUILD_TESTS=OFF; make -s -C out",
     each("$DRIVE/*.yaml", "out/util/parse $it") +
     each("$DRIVE/*.yaml", "out/util/sandbox $it")),
    ("ninja-build", f"{CMAKE} -DBUILD_TESTING=OFF; make -s -C out ninja",
     "cmake -GNinja -B nout >/dev/null; $RUN out/ninja -C nout -n\n"
     "$RUN out/ninja -C nout -t graph; $RUN out/ninja -C nout -t targets all\n"
     "$RUN out/ninja -C nout -t deps; $RUN out/ninja -C nout -t compdb\n"
     "$RUN out/ninja -C nout build.ninja ninja.o -d stats\n"),
    ("taglib", f"{CMAKE} -DBUILD_EXAMPLES=ON; make -s -C out",
     each("tests/data/*", "out/examples/tagreader $it") +
     "cp tests/data/* $OUT\n" +
     each("$OUT/*.mp3 $OUT/*.flac $OUT/*.ogg $OUT/*.m4a $OUT/*.wav",
          "out/examples/tagwriter -t T -a A -l L -g Rock $it")),
    ("googletest", f"{CMAKE} -Dgtest_build_samples=ON; make -s -C out",
     each("out/googletest/sample*_unittest", "$it")),
    ("flatbuffers", f"{CMAKE} -DFLATBUFFERS_BUILD_TESTS=OFF "
     "-DFLATBUFFERS_BUILD_FLATHASH=OFF; make -s -C out flatc",
     "for l in cpp java csharp go python js ts php rust lua swift kotlin jsonschema "
     "dart lobster binary; do $RUN out/flatc --$l -I tests/include_test -o $OUT "
     "tests/monster_test.fbs; done\n"),
]

CRATES = "librust-syn-dev librust-quote-dev librust-proc-macro2-dev " \
    "librust-unicode-ident-dev librust-regex-syntax-dev librust-xml-rs-dev " \
    "librust-json-dev"
CARGO = """cp -r $DRIVE/rust drive
mkdir -p drive/.cargo
cat >drive/.cargo/config.toml <<X
[source.crates-io]
replace-with = "here"
[source.here]
directory = "$PWD/registry"
X
cd drive
cargo build --offline --release -q
"""

PROGRAMS = [Program(name, language, name, build, drive)
            for language, listed in (("C", C), ("C++", CPP))
            for name, build, drive in listed]
PROGRAMS.append(Program(
    "crates", "Rust", CRATES, CARGO,
    "$RUN drive/target/release/drive registry/xml*/src/*.rs "
    "registry/json*/src/*.rs /usr/share/xml/iso-codes/*.xml $DRIVE/all.json\n"))
