var a = [], o = { get x() { return 1 }, set x(v) {} };
for (var i = 0; i < 100; i++) {
	a[i] = { i: i, s: "n" + i, f: function () { return i } };
	o["key" + i] = new Date(i);
}
function Club(n) { this.n = n; this.members = [] }
Club.prototype.join = function (m) { this.members.push(m); m.club = this };
new Club("x").join({});
print(JSON.stringify(JSON.parse('{"a":[1,2,{"b":null}],"c":"\\u00e4"}'), null, 2));
print("one two three".replace(/(\w+) (\w+)/g, "$2 $1").split(" ").sort().join());
print(/a(b|c)*d{2,3}/.exec("abcbdd"), new RegExp("[^x]+", "i").test("Y"));
try { null.x } catch (e) { print(e) }
label: for (var k in o) { switch (k) { case "x": continue label; default: } }
with (Math) { print(max(1, 2), [1, 2, 3].map(function (x) { return x * x })) }
print(eval("(function(){ return arguments.length })(1,2,3)"), typeof o, delete o.x);
do { var z = i-- > 90 ? void 0 : ~i } while (i > 90);
