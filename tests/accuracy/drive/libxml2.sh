# xmllint in each of its ways, and the tests that come with it.
lint="$RUN ./xmllint --nonet --noout"
for it in test/*.xml; do $lint $it; done
for it in test/valid/*.xml; do $lint --valid --postvalid $it; done
for it in test/schemas/*_0.xml; do
	x=${it##*/}; $lint --schema test/schemas/${x%_0.xml}_0.xsd $it; done
for it in test/relaxng/*_0.xml; do
	x=${it##*/}; $lint --relaxng test/relaxng/${x%_0.xml}.rng $it; done
for it in test/schematron/*_0.xml; do
	x=${it##*/}; $lint --schematron test/schematron/${x%_0.xml}.sct $it; done
for it in test/HTML/*.html; do $lint --html $it; $lint --html --push $it; done
for it in test/xmlid/*.xml test/c14n/*/*.xml test/XInclude/docs/*.xml; do
	$lint --xinclude --c14n $it; $lint --sax $it; done
for it in 'count(//*)' '//a[@b="1"]/following::*' 'id("x") | //c[last()]' \
	'string-length(normalize-space(/))' 'sum(//@n) div 2 > 1 or not(1)'; do
	$lint --xpath "$it" test/att1; done
$lint --stream --pattern '/a/b|c' test/att1
$lint --memory --repeat --timing --insert --dropdtd test/att2
$lint --push --loaddtd --path /tmp --dtdattr --walker test/valid/REC-xml-19980210.xml
$lint --dtdvalid test/valid/dtds/spec.dtd test/valid/REC-xml-19980210.xml
$lint --catalogs test/att1; $lint --debug test/att1
for it in testRegexp testAutomata testXPath; do
	for f in test/regexp/* ; do [ $it != testRegexp ] || $RUN ./$it -i $f; done
	for f in test/automata/*; do [ $it != testAutomata ] || $RUN ./$it $f; done
	for f in test/XPath/expr/*; do [ $it != testXPath ] || $RUN ./$it -i test/XPath/docs/simple --expr -i $f; done
done
$RUN ./testdict; $RUN ./testReader test/att1
