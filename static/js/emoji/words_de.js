// Made by bin/emoji-data from emojibase-data 17.0.0 (MIT): not to be edited.

export default `
grinsendes gesicht;froh fröhlich haha
grinsendes gesicht mit großen augen;
grinsendes gesicht mit lachenden augen;
strahlendes gesicht mit lachenden augen;
grinsegesicht mit zugekniffenen augen;geschlossen
grinsendes gesicht mit schweißtropfen;lachen
sich vor lachen auf dem boden wälzen;
gesicht mit freudentränen;fröhlich haha
leicht lächelndes gesicht;smiley
umgekehrtes gesicht;auf dem kopf
schmelzendes gesicht;auflösen beschämt flüssig
zwinkerndes gesicht;auge flirten sexy
lächelndes gesicht mit lachenden augen;
lächelndes gesicht mit heiligenschein;brav
lächelndes gesicht mit herzen;3
lächelndes gesicht mit herzförmigen augen;
überwältigt;aufgeregt augen gesicht grinsen
kuss zuwerfendes gesicht;flirten küsschen
küssendes gesicht;flirten hdl knutsch
lächelndes gesicht;fröhlich rot smiley
küssendes gesicht mit geschlossenen augen;
küssendes gesicht mit lächelnden augen;
lachendes gesicht mit träne;berührt
sich die lippen leckendes gesicht;
gesicht mit herausgestreckter zunge;bäh
zwinkerndes gesicht mit herausgestreckter zunge;
irres gesicht;auge groß klein
gesicht mit herausgestreckter zunge und zusammengekniffenen augen;
gesicht mit dollarzeichen;geld mund
gesicht mit umarmenden händen;drücken
verlegen kicherndes gesicht;haha hand
gesicht mit offenen augen und hand über dem mund;
gesicht mit durch die finger linsendem auge;
ermahnendes gesicht;finger leise psst
nachdenkendes gesicht;fragen grübeln hm
salutierendes gesicht;aye jawohl militär
gesicht mit reißverschlussmund;geheimnis halten
gesicht mit hochgezogenen augenbrauen;argwöhnisch
neutrales gesicht;ausdruckslos kommentarlos smiley
ausdrucksloses gesicht;kommentarlos selbstgefällig smiley
gesicht ohne mund;kein smiley
gestricheltes gesicht;depressiv egal introvertiert
gesicht in wolken;geistesabwesend im
süffisant lächelndes gesicht;feixen flirten
verstimmtes gesicht;langweilig smiley traurig
augen verdrehendes gesicht;genervt meinetwegen
grimassen schneidendes gesicht;peinlich smiley
gesicht, das ausatmet;erleichtert erschöpft
lügendes gesicht;nase pinocchio schwindel
zitterndes doppelgesicht;erdbeben omg panik
kopfschütteln;nein
kopfnicken;ja
erleichtertes gesicht;augen entspannt geschlossen
nachdenkliches gesicht;enttäuscht schrecklich smiley
schläfriges gesicht;gute müde nacht
sabberndes gesicht;smiley
schlafendes gesicht;dösen einschlafen gute
gesicht mit augenringen;erschöpft müde
gesicht mit atemschutzmaske;arzt bazillen
gesicht mit fieberthermometer;krank messen
gesicht mit kopfverband;aua autsch
würgendes gesicht;ekel eklig erbrechen
kotzendes gesicht;brechen erbrechen krank
niesendes gesicht;erkältet gesundheit grippe
schwitzendes gesicht;erhitzt fieber heiß
frierendes gesicht;bibbern blau eisig
schwindeliges gesicht;angeheitert benebelt berauscht
benommenes gesicht;augen ko krank
gesicht mit spiralen als augen;
explodierender kopf;entsetzt geschockt gesicht
gesicht mit cowboyhut;cowgirl smiley
partygesicht;aufgeregt feier fest fröhlich
verkleidet;brille gesicht incognito inkognito
lächelndes gesicht mit sonnenbrille;cool
strebergesicht;brille intelligent klug nerd
gesicht mit monokel;elegant reich
verwundertes gesicht;keine ahnung smiley
gesicht mit schrägem mund;enttäuscht
besorgtes gesicht;smiley sorgen traurig
betrübtes gesicht;schade smiley traurig
düsteres gesicht;deprimiert smiley stirnrunzelnd
gesicht mit offenem mund;erstaunt
verdutztes gesicht;erstaunt omg smiley
erstauntes gesicht;nee omg schockiert
errötetes gesicht mit großen augen;
verzerrtes gesicht;angst aufgedunsen besorgt
bettelndes gesicht;anflehen augen bitte
gesicht, das tränen zurückhält;aufgebracht
entsetztes gesicht;mund offen schockiert
qualvolles gesicht;arm leidend smiley
ängstliches gesicht;angst besorgt
besorgtes gesicht mit schweißtropfen;angst
trauriges aber erleichtertes gesicht;enttäuscht
weinendes gesicht;smiley traurig träne
heulendes gesicht;flennen schluchzen smiley
vor angst schreiendes gesicht;munch
verwirrtes gesicht;bestürzt frustriert konfus
entschlossenes gesicht;ausdauernd durchhalten fokus
enttäuschtes gesicht;leider schade smiley
bedrücktes gesicht mit schweiß;angstschweiß
erschöpftes gesicht;fehlschlag hungrig müde
müdes gesicht;niesen smiley traurig
gähnendes gesicht;gelangweilt langweilig müde
schnaubendes gesicht;erleichtert gewonnen
schmollendes gesicht;rot angelaufener smiley
verärgertes gesicht;böse smiley wut
gesicht mit symbolen über dem mund;
grinsendes gesicht mit hörnern;böse
wütendes gesicht mit hörnern;böse
totenkopf;gesicht knochen märchen schädel
totenkopf mit gekreuzten knochen;gesicht
kothaufen;mist
clown-gesicht;
ungeheuer;gesicht gruselig japan maske
kobold;gemein gesicht japan maske
gespenst;buh fantasy geist gesicht
außerirdischer;alien all fantasy gesicht
computerspiel-monster;gesicht ufo
roboter;gesicht monster
grinsende katze;gesicht lachen lol
grinsende katze mit lachenden augen;
katze mit freudentränen;gesicht lachen
lachende katze mit herzen als augen;
verwegen lächelnde katze;gesicht grinsen
küssende katze;augen geschlossen gesicht
erschöpfte katze;angst gesicht panik
weinende katze;gesicht smiley tier
schmollende katze;gesicht smiley tier
sich die augen zuhaltendes affengesicht;
sich die ohren zuhaltendes affengesicht;
sich den mund zuhaltendes affengesicht;
liebesbrief;herz post siegel
herz mit pfeil;liebe
herz mit schleife;hochzeitstag jahrestag
funkelndes herz;aufregung gefühl glitzern
wachsendes herz;aufregung gefühl küsschen
schlagendes herz;gefühl liebe puls
kreisende herzen;emotion gefühl hochzeitstag
zwei herzen;date gefühl hochzeitstag
herzdekoration;emotion gefühl liebe lila
herz als ausrufezeichen;satzzeichen
gebrochenes herz;allein gefühl liebeskummer
herz in flammen;brennendes leidenschaft
herz mit verband;besserung genesen
rotes herz;
pinkes herz;gefallen gefällt gefühl
oranges herz;liebe
gelbes herz;gefühl liebe
grünes herz;gefühl liebe romantisch
blaues herz;gefühl liebe romantisch
hellblaues herz;aquamarin emotion gefallen
lila herz;beste gefühl hdl
braunes herz;
schwarzes herz;böse
graues herz;emotion hdl liebe
weißes herz;
kussabdruck;gefühl knutsch küssen liebe
100 punkte;volle
ärger;comic wut
kampfwolke;handgemenge krawall prügelei rauferei
zusammenstoß;bombe boom comic explodieren
schwindlig;benommen comic komet stern
schweißtropfen;comic feucht nass trainieren
staubwolke;comic rennen weglaufen
loch;schwarz
sprechblase mit drei punkten;comic
auge in sprechblase;dialog reden
sprechblase links;dialog reden unterhaltung
sprechblase für wütende aussage rechts;
gedankenblase;comic nachdenken
schlafen;buchstaben comic gähn langweilig
winkende hand;auf wiedersehen bis
erhobene hand von hinten;
hand mit gespreizten fingern;5
erhobene hand;5 halt high
vulkanischer gruß;finger grüßen hand
nach rechts weisende hand;ausgestreckt
nach links weisende hand;ausgestreckt
hand mit handfläche nach unten;
hand mit handfläche nach oben;
nach links schiebende hand;drücken
nach rechts schiebende hand;drücken
ok-zeichen;exzellent finger genial hand
zusammengedrückte finger;bündelhand gehts noch
wenig-geste;betrag finger gering hand
victory-geste;sieg
hand mit gekreuzten fingern;
hand mit gekreuztem zeigefinger und daumen;
ich-liebe-dich-geste;drei finger hand hdl
teufelsgruß;corna finger hand heavy
ruf-mich-an-handzeichen;anruf shaka
nach links weisender zeigefinger;handrückseite
nach rechts weisender zeigefinger;handrückseite
nach oben weisender zeigefinger von hinten;
mittelfinger;hand
nach unten weisender zeigefinger;abwärts
nach oben weisender zeigefinger von vorne;
auf betrachter zeigender zeigefinger;deuten
daumen hoch;einverstanden finger gut
daumen runter;hand nach unten
erhobene faust;hand kampf solidarität
geballte faust;absolut bro hand
faust nach links;hand
faust nach rechts;hand
klatschende hände;applaudieren beifall gratulation
zwei erhobene handflächen;feiern geste
hände, die herz bilden;<3
offene hände;jazz umarmen
handflächen nach oben;beten gebet
handschlag;hände vereinbarung
zusammengelegte handflächen;beten bitten danke
schreibende hand;stift
nagellack;kosmetik maniküre
selfie;smartphone
angespannter bizeps;arm bodybuilder bro
armprothese;barrierefreiheit
beinprothese;barrierefreiheit
bein;extremität fuß gebeugtes knie
fuß;füße kick knöchel körperteil
ohr;hören körperteil
ohr mit hörgerät;barrierefreiheit gehörlos
nase;körperteil riechen
gehirn;intelligent klug schlau
herz (organ);anatomie körper
lunge;atem atmen ausatmen einatmen
zahn;perlweiß zähne
knochen;hund kauknochen skelett
augen;gesicht gucken schauen sehen
auge;blick körper schauen sehen
zunge;hmm körperteil lecken mmh
mund;kuss körperteil lippen
auf lippe beißen;angst besorgt
baby;gesicht jung kind kleinkind
kind;enkelkind jung jünger munter
junge;enkelsohn gesicht jünger kind
mädchen;enkeltochter gesicht jung jünger
person;erwachsen mensch
person: blondes haar;gesicht mensch
mann;erwachsen gesicht
person: bart;bärtig schnurrbart
mann: bart;
frau: bart;
mann: rotes haar;
mann: lockiges haar;
mann: weißes haar;
mann: glatze;
frau;erwachsen gesicht
frau: rotes haar;
person: rotes haar;erwachsen mensch
frau: lockiges haar;
person: lockiges haar;erwachsen mensch
frau: weißes haar;
person: weißes haar;erwachsen mensch
frau: glatze;
person: glatze;erwachsen mensch
frau: blond;
mann: blond;
ältere person;alt erwachsen großeltern
älterer mann;alt erwachsen großeltern
ältere frau;alt erwachsen großeltern
missmutige person;frustriert gesicht runzeln
missmutiger mann;
missmutige frau;
schmollende person;eingeschnappt enttäuscht jammerd
schmollender mann;
schmollende frau;
person mit überkreuzten armen;gesicht
mann mit überkreuzten armen;
frau mit überkreuzten armen;
person mit händen auf dem kopf;
mann mit händen auf dem kopf;
frau mit händen auf dem kopf;
infoschalter-mitarbeiter(in);abgekippt beleidigen
infoschalter-mitarbeiter;
infoschalter-mitarbeiterin;
person mit erhobenem arm;aufzeigen
mann mit erhobenem arm;
frau mit erhobenem arm;
gehörlose person;barrierefreiheit hören ohr
gehörloser mann;
gehörlose frau;
sich verbeugende person;bedauern bitten
sich verbeugender mann;
sich verbeugende frau;
sich an den kopf fassende person;
sich an den kopf fassender mann;
sich an den kopf fassende frau;
schulterzuckende person;egal gleichgültig keine
schulterzuckender mann;
schulterzuckende frau;
arzt/ärztin;doktor(in)
arzt;
ärztin;
student(in);absolvent(in) doktorhut
student;
studentin;
lehrer(in);dozent(in) professor(in)
lehrer;
lehrerin;
richter(in);waage
richter;
richterin;
bauer/bäuerin;farmer(in) gärtner(in) landwirt(in)
bauer;
bäuerin;
koch/köchin;
koch;
köchin;
mechaniker(in);elektriker(in) klempner(in)
mechaniker;
mechanikerin;
fabrikarbeiter(in);arbeiter(in) industriell
fabrikarbeiter;
fabrikarbeiterin;
büroangestellte(r);architekt(in) business
büroangestellter;
büroangestellte;
wissenschaftler(in);forscher(in) labor
wissenschaftler;
wissenschaftlerin;
it-experte/it-expertin;bildschirm computer entwickler(in)
it-experte;
it-expertin;
sänger(in);entertainer(in) rock
sänger;
sängerin;
künstler(in);farbpalette maler(in)
künstler;
künstlerin;
pilot(in);flugzeug
pilot;
pilotin;
astronaut(in);raumfahrt weltraum
astronaut;
astronautin;
feuerwehrmann/-frau;
feuerwehrmann;
feuerwehrfrau;
polizist(in);beruf festnehmen
polizist;
polizistin;
detektiv(in);lupe sherlock
detektiv;
detektivin;
wache;buckingham palace bärenfellmütze gesicht
wachsoldat;
wachsoldatin;
ninja;ausdauer geheimmission killer krieger
bauarbeiter(in);beruf gesicht
bauarbeiter;
bauarbeiterin;
person mit krone;adelig krönung
prinz;krone
prinzessin;gesicht krone märchen
person mit turban;bart dreitagebart
mann mit turban;
frau mit turban;
mann mit chinesischem hut;gesicht
frau mit kopftuch;hidschab hijab
person im smoking;anzug bräutigam
mann im smoking;
frau im smoking;
person mit schleier;braut gesicht
mann mit schleier;
frau mit schleier;
schwangere frau;
schwangerer mann;aufgebläht bauch dick
schwangere person;aufgebläht bauch dick
stillen;baby brust frau person
frau, die baby die flasche gibt;
mann, der baby die flasche gibt;
person, die baby die flasche gibt;
putte;engel gesicht kind märchen
weihnachtsmann;
weihnachtsfrau;
weihnachtsperson;gesicht mit hut santa
superheld(in);person umhang
superheld;
heldin;
bösewicht;krimineller person schurke superkräfte
männlicher bösewicht;
weiblicher bösewicht;
magier(in);hexe person
magier;
magierin;
märchenfee;elf elfe fantasy flügel
männliche fee;
fee;
vampir;blutsauger dracula halloween person
männlicher vampir;
weiblicher vampir;
wassermensch;meerjungfrau märchen nixe person
wassermann;
meerjungfrau;
elf(e);elbe elbin
elf;
elfe;
flaschengeist;aladdin dschinn lampe person
männlicher flaschengeist;
weiblicher flaschengeist;
zombie;apokalypse halloween horror person
männlicher zombie;
weiblicher zombie;
troll;fantasy gruslig kobold monster
haariges wesen;bigfoot fabelwesen gigant
person, die eine kopfmassage bekommt;
mann, der eine kopfmassage bekommt;
frau, die eine kopfmassage bekommt;
person beim haareschneiden;friseur schere
mann beim haareschneiden;
frau beim haareschneiden;
fußgänger(in);gehen person
fußgänger;
fußgängerin;
fußgänger(in): nach rechts;gehen
fußgängerin: nach rechts;
fußgänger: nach rechts;
stehende person;mensch stand
stehender mann;
stehende frau;
kniende person;fersensitz meditation mensch
kniender mann;
kniende frau;
kniende person: nach rechts;fersensitz
kniende frau: nach rechts;
kniender mann: nach rechts;
person mit langstock;barrierefreiheit blind
person mit langstock: nach rechts;
mann mit langstock;
mann mit langstock: nach rechts;
frau mit langstock;
frau mit langstock: nach rechts;
person in elektrischem rollstuhl;barrierefreiheit
person in elektrischem rollstuhl: nach rechts;
mann in elektrischem rollstuhl;
mann in elektrischem rollstuhl: nach rechts;
frau in elektrischem rollstuhl;
frau in elektrischem rollstuhl: nach rechts;
person in manuellem rollstuhl;barrierefreiheit
person in manuellem rollstuhl: nach rechts;
mann in manuellem rollstuhl;
mann in manuellem rollstuhl: nach rechts;
frau in manuellem rollstuhl;
frau in manuellem rollstuhl: nach rechts;
laufende person;eilig joggen läufer
laufender mann;
laufende frau;
laufende person: nach rechts;eilig
laufende frau: nach rechts;
laufender mann: nach rechts;
balletttänzerin;
tanzende frau;elegant festlich flair
tanzender mann;elegant festlich flair
schwebender mann im anzug;geschäftlich
personen mit hasenohren;bunny doppelt
männer mit hasenohren;
frauen mit hasenohren;
person in dampfsauna;abschalten entspannen
mann in dampfsauna;
frau in dampfsauna;
bergsteiger(in);fels kletterer
bergsteiger;
bergsteigerin;
fechter(in);schwert sport
pferderennen;jockey auf schnell sport
skifahrer(in);schnee sport
snowboarder(in);sport
golfer(in);abschlagplatz person
golfer;
golferin;
surfer(in);person sport
surfer;
surferin;
person im ruderboot;angeln kanu
mann im ruderboot;
frau im ruderboot;
schwimmer(in);kraulen person
schwimmer;
schwimmerin;
person mit ball;basketball dribbeln
mann mit ball;
frau mit ball;
gewichtheber(in);hantel muskeln
gewichtheber;
gewichtheberin;
radfahrer(in);fahrrad person
radfahrer;
radfahrerin;
mountainbiker(in);fahrrad person
mountainbiker;
mountainbikerin;
rad schlagende person;akrobatik bodenturnen
rad schlagender mann;
rad schlagende frau;
ringer(in);catchen person
ringende männer;
ringende frauen;
wasserballspieler(in);person schwimmsport
wasserballspieler;
wasserballspielerin;
handballspieler(in);person schleudern
handballspieler;
handballspielerin;
jongleur(in);artist geschickt
jongleur;
jongleurin;
person im lotossitz;burmesischer frau
mann im lotossitz;
frau im lotossitz;
badende person;dusche entspannen
im bett liegende person;gute
sich an den händen haltende personen;
händchen haltende frauen;paar pärchen
mann und frau halten hände;
händchen haltende männer;paar pärchen
sich küssendes paar;frau herz
sich küssendes paar: frau, mann;
sich küssendes paar: mann, mann;
sich küssendes paar: frau, frau;
liebespaar;frau herz mann
liebespaar: frau, mann;
liebespaar: mann, mann;
liebespaar: frau, frau;
familie: mann, frau und junge;
familie: mann, frau und mädchen;
familie: mann, frau, mädchen und junge;
familie: mann, frau, junge und junge;
familie: mann, frau, mädchen und mädchen;
familie: mann, mann und junge;
familie: mann, mann und mädchen;
familie: mann, mann, mädchen und junge;
familie: mann, mann, junge und junge;
familie: mann, mann, mädchen und mädchen;
familie: frau, frau und junge;
familie: frau, frau und mädchen;
familie: frau, frau, mädchen und junge;
familie: frau, frau, junge und junge;
familie: frau, frau, mädchen und mädchen;
familie: mann, junge;
familie: mann, junge und junge;
familie: mann, mädchen;
familie: mann, mädchen und junge;
familie: mann, mädchen und mädchen;
familie: frau, junge;
familie: frau, junge und junge;
familie: frau, mädchen;
familie: frau, mädchen und junge;
familie: frau, mädchen und mädchen;
sprechender kopf;gesicht silhouette person
silhouette einer büste;person
silhouette mehrerer büsten;personen
sich umarmende personen;abschied danke
familie;junge kind mutter vater
familie: 2 erwachsene, 1 kind;
familie: 2 erwachsene, 2 kinder;
familie: 1 erwachsene(r), 1 kind;
familie: 1 erwachsene(r), 2 kinder;
fußabdrücke;abdruck auf dem weg
fingerabdruck;forensik identität sicherheit
affengesicht;banane dschungel tier zoo
affe;tier
gorilla;affe gesicht tier
orang-utan;affe tier
hundegesicht;tier treu wau wuff
hund;haustier wau wuff
blindenhund;barrierefreiheit behinderung sehbehindert tier
assistenzhund;barrierefreiheit behinderung tier
pudel;hund tier
wolf;gesicht tier
fuchs;gesicht tier
waschbär;klug neugierig schlau tier
katzengesicht;miau miez tier
katze;haustier miau
schwarze katze;kater miau pech
löwe;gesicht sternzeichen tier
tigergesicht;raubkatze tier
tiger;tier
leopard;gepunktet raubkatze tier zoo
pferdegesicht;tier
elch;geweih säugetier
esel;austreten dickschädel dummkopf maultier
pferd;rennen tier
einhorn;gesicht
zebra;streifen tier
hirsch;gesicht tier
bison;büffel herde ochse tier
kuhgesicht;tier
ochse;kuh sternzeichen stier tierkreis
wasserbüffel;tier
kuh;bauernhof muh tier
schweinegesicht;tier
schwein;bauernhof sau tier
wildschwein;eber tier
schweinerüssel;nase tier
widder;schaf sternzeichen tierkreis
schaf;bock mäh tier widder
ziege;steinbock sternzeichen tier
dromedar;einhöckrig kamel tier wüste
kamel;tier wüste zweihöckrig
lama;alpaca anden kamel tier
giraffe;flecken tier
elefant;tier
mammut;aussterben groß natur stoßzahn
nashorn;rhinozeros tier
nilpferd;flusspferd hippo tier
mäusegesicht;maus nagetier
maus;nage tier
ratte;nagetier
hamster;gesicht tier
hasengesicht;kaninchen karnickel langohr mümmelmann
hase;kaninchen karnickel mümmelmann nagetier
streifenhörnchen;tier
biber;damm natur otter tier
igel;stachelig tier
fledermaus;tier vampir
bär;bärengesicht tier
eisbär;arktis nordpol weiß
koala;tier
panda;gesicht tier
faultier;langsam träge
otter;fischen tier verspielt
stinktier;skunk
känguru;australien beuteltier down under
dachs;frechdachs honigdachs ratel tier
tatzenabdrücke;abdruck tier
truthahn;geflügel pute thanksgiving
huhn;geflügel henne tier
hahn;tier
schlüpfendes küken;ei in eierschale
küken;tier
küken von vorne;geflügel in
vogel;papagei taube tier
pinguin;tier vogel
taube;fliegen friede vogel
adler;tier vogel
ente;tier vogel
schwan;hässliches entlein tier vogel
eule;raubvogel tier uhu weise
dodo;aussterben dronte groß mauritius
feder;fliegen gefieder leicht vogelfeder
flamingo;bunt farbenfroh rosa tier
pfau;bunt stolz tier vogel
papagei;ausplaudern pirat plappern sprechen
flügel;engel federn fliegen flug
schwarzer vogel;amsel krächzen krähe
gans;blöd dumm ganter geflügel
phönix;asche fabelwesen fantasy feuer
frosch;gesicht grün quak tier
krokodil;reptil schnappi tier
schildkröte;tier
eidechse;reptil
schlange;sternzeichen tier
drachengesicht;märchen tier
drache;chinesisch neujahr märchen tier
sauropode;brachiosaurus brontosaurus dino diplodocus
t-rex;dino saurier tree tyrannosaurus
blasender wal;meer ozean tier
wal;ozean tier
delfin;meer ozean strand tier
orca;meer orka ozean wal
seehund;meer ozean robbe seelöwe
fisch;aquarium meehr sternzeichen tier
tropenfisch;tier
kugelfisch;meer tier
hai;fisch haifisch meer tier
oktopus;krake meer tier tintenfisch
schneckenhaus;muschel strand tier
koralle;great barrier reef klimawandel
qualle;autsch brennen gallert glibber
krebs;krabbe meer sternzeichen strand
hummer;lobster meeresfrucht scheren tier
garnele;gourmet krustentier meeresfrucht shrimp
tintenfisch;kalmar tier
auster;meer muschel perle tauchen
schnecke;langsam tier
schmetterling;insekt schön
raupe;gefräßig insekt tier
ameise;insekt tier
biene;honig hummel insekt maja
käfer;insekt krabbeltier minzkäfer wanze
marienkäfer;glückskäfer insekt krabbel punkte
grille;grashüpfer heuschrecke insekt tier
kakerlake;insekt krabbeln käfer küchenschabe
spinne;insekt tier
spinnennetz;
skorpion;horoskop sternzeichen tierkreis
mücke;biss fieber insekt krankheit
fliege;insekt krankheit made mücke
wurm;insekt natur parasit regenwurm
mikrobe;amöbe bakterie einzeller medizin
blumenstrauß;bouquet
kirschblüte;blume pflanze
blumenstempel;
lotusblüte;blume buddhismus erleuchtung gleichmut
rosette;pflanze
rose;blume blüte pflanze
welke blume;am sterben verwelkt
hibiskus;blume blüte pflanze rosa
sonnenblume;blüte pflanze
gelbe blüte;blume pflanze
tulpe;blume blüte pflanze
hyazinthe;blaue wiesenlupine blume blühen
spross;junge pflanze
topfpflanze;dekor grünpflanze haus pflegen
nadelbaum;pflanze tannenbaum
laubbaum;blätter grün pflanze wald
palme;baum kokusnuss oase pflanze
kaktus;dürre natur pflanze trockenzeit
reisähre;pflanze
kräuter;blätter pflanze
kleeblatt;grün pflanze
glücksklee;blatt kleeblatt pflanze silverster
ahornblatt;herbst laub pflanze
laub;blatt blätter fallendes herbst
blätter im wind;blatt laub
leeres nest;heim nisten vogelnest
nest mit eiern;heim blauen
fliegenpilz;giftig
kahler baum;dürr karg trocken
trauben;frucht obst wein
honigmelone;cantaloupe frucht obst
wassermelone;frucht obst
mandarine;apfelsine frucht obst orange
zitrone;frucht obst sauer
limette;cocktail essen frucht obst
banane;frucht obst schale
ananas;frucht obst
mango;essen frucht früchte obst
roter apfel;frucht obst
grüner apfel;frucht gesund obst
birne;frucht obst
pfirsich;frucht obst
kirschen;frucht obst
erdbeere;essen frucht obst
blaubeeren;essen frucht heidelbeere lebensmittel
kiwi;frucht obst
tomate;essen gemüse obst
olive;essen grün lebensmittel nahrung
kokosnuss;colada essen frucht palme
avocado;essen frucht
aubergine;gemüse
kartoffel;essen gemüse
karotte;gemüse mohrrübe möhre
maiskolben;gemüse
peperoni;chili paprika pfeffer pflanze
paprika;essen gemüse grün lebensmittel
gurke;essen gemüse scheiben
blattgemüse;essen grünkohl kraut mangold
brokkoli;broccoli essen gemüse kohl
knoblauch;essen geschmack lebensmittel nahrung
zwiebel;essen geschmack gewürz lebensmittel
erdnuss;essen
bohnen;essen gemüse hülsenfrucht kidney-bohne
kastanie;marone
ingwer;gesund gewürz ginger ale
erbsenschote;bohne edamame essen gemüse
brauner pilz;essen fungus gemüse
wurzelgemüse;bete garten rote rübe
brot;essen kohlenhydrate laib toast
croissant;corissant französisch frühstück
baguette;brot französisch frühstück
fladenbrot;arepa essen lavasch lebensmittel
brezel;essen gedreht oktoberfest
bagel;backwaren brötchen bäckerei essen
pfannkuchen;crepe eierpfannkuchen essen
waffel;essen lebensmittel nahrung butter
käsestück;
fleischhachse;knochen restaurant
hähnchenschenkel;fleisch geflügel hühnerbein restaurant
fleischstück;essen kotelett lammkotelett rot
bacon;essen frühstücksspeck speckstreifen
hamburger;fast food restaurant
pommes frites;
pizza;
hotdog;essen frankfurter wurst würstchen
sandwich;brot essen
taco;essen mexikanisch
burrito;essen mexikanisch
tamale;burrito eingewickelt essen lebensmittel
döner;kebab falafel wrap
falafel;bällchen essen fleischbällchen kichererbsen
ei;frühstück
spiegelei in bratpfanne;kochen
pfannengericht;essen paella reispfanne
topf mit essen;eintopf gericht
fondue;essen geschmolzen käse schokolade
schüssel mit löffel;brei cerealien
salat;blattgemüse essen gesund grün
popcorn;kino snack
butter;essen lebensmittel milchprodukt nahrung
salz;gesalzen geschmack gewürz würze
konserve;büchse dose essen
bento-box;japanisches essen sushi
reiscracker;
reisbällchen;essen japanisch
reis in schüssel;essen
reis mit curry;
schüssel und essstäbchen;chinesisches essen
spaghetti;essse nudeln mit tomatensoße
geröstete süßkartoffel;essen gemüse
oden;japanisches gericht restaurant
sushi;japanisches gericht restaurant
frittierte garnele;restaurant tempura
fischfrikadelle;restaurant spirale
mondkuchen;essen fest herbst pinyin
dango;japanisches gericht mochi-kugeln auf
teigtasche;chinesische dumpling empanada essen
glückskeks;essen prophezeiung
takeaway-schachtel;chinesisches essen stäbchen
softeis;
wassereis;sorbet zerstoßen
eiscreme;eisbecher eisdiele
donut;doughnut essen kuchen süß
keks;cookie plätchen
geburtstagskuchen;essen feier happy birthday
torte;kuchen stück
cupcake;bäckerei dessert essen gebäck
kuchen;essen füllung gebäck pastete
schokoladentafel;essen süßigkeit
bonbon;süß süßigkeit
lutscher;lolli süßigkeit
pudding;dessert flan nachspeise schokolade
honigtopf;süß
babyflasche;fläschchen kind milch trinken
glas milch;getränk trinken
heißgetränk;cafe dampfend kaffee tasse
teekanne;getränk lebensmittel brühen trinken
teetasse ohne henkel;getränk grüner
sake-flasche mit tasse;getränk und
flasche mit knallendem korken;champagner
weinglas;alkohol bar
cocktailglas;bar drink martini
cocktail;bar exotisches getränk
bierkrug;bar oktoberfest prost weizenbier
bierkrüge;anstoßen oktoberfest prosit weizen
sektgläser;anstoßen feier getränk prost
trinkglas;bar schnaps whiskey
flüssigkeit ausgießen;ausleeren getränk glas
becher mit strohhalm;brause erfrischung
bubble tea;blase essen getränk
trinkpäckchen;fruchtsaft getränk obstsaft saftpackung
mate-tee;getränk
eiswürfel;eisberg gefroren kalt kühlen
essstäbchen;chinesisches essen hashi japanisches
teller mit messer und gabel;
messer und gabel;abendessen besteck
löffel;besteck
küchenmesser;schneiden
einmachglas;einweckglas essen gewürzglas leer
amphore;gefäß kochen krug sternzeichen
globus mit europa und afrika;
globus mit amerika;erde nordamerika
globus mit asien und australien;
globus mit meridianen;breitengrad längengrad
weltkarte;landkarte reisen
umriss von japan;karte
kompass;himmelsrichtung magnetisch navigation orientierung
schneebedeckter berg;gebirge kalt
berg;gebirge
erdrutsch;berg erdbeben felsen gefahr
vulkan;ausbruch berg lava wetter
fuji;berg vulkan
camping;zelt
strand mit sonnenschirm;meer
wüste;heiß
einsame insel;meer palme strand
nationalpark;berg fluss natur schutzgebiet
stadion;arena
antikes gebäude;klassizistisch
kran;bau bauen
ziegelstein;bauen grenze klinker mauer
felsen;hart natur schwer stein
holz;baumstamm feuerholz lagerfeuer
hütte;behausung gebäude jurte objekt
wohnhäuser;dorf gebäude haus
verfallenes haus;gebäude heruntergekommen verlassen
haus;gebäude zuhause
haus mit garten;baum
bürogebäude;hochhaus
japanisches postgebäude;
postgebäude;europa
krankenhaus;ambulanz arzt gebäude medizin
bank;gebäude geld
hotel;gebäude unterkunft übernachten
stundenhotel;gebäude liebe unterkunft
minimarkt;einkaufen gebäude geschäft lebensmittel
schule;gebäude
kaufhaus;einkaufen gebäude geschäft shoppen
fabrik;gebäude
japanisches schloss;bauwerk gebäude
schloss;bauwerk burg europa gebäude
hochzeit;herz kirche
tokyo tower;fernsehturm tokio
freiheitsstatue;amerika
kirche;christ gebäude kreuz religion
moschee;islam moslem muslim religion
hindutempel;gebäude
synagoge;jude jüdisch religion tempel
shinto-schrein;religion
kaaba;hajj islam moslem muslim
springbrunnen;garten park
zelt;camping
neblig;nebel wetter
sternenhimmel;city hochhäuser nacht skyline
skyline;gebäude großstadt hochhäuser wolkenkratzer
sonnenaufgang über bergen;
sonnenaufgang über dem meer;
abendstimmung in der stadt;hochhäuser
sonnenuntergang in der stadt;großstadt
brücke vor nachthimmel;golden gate
heiße quellen;dampf
karussellpferd;reiten
spielplatzrutsche;rutschbahn vergnügungspark
riesenrad;freizeitpark volksfest
achterbahn;freizeitpark volksfest
barbershop-säule;friseur herrenfriseur
zirkuszelt;unterhaltung
dampflokomotive;bahn fahrzeug schiene zug
eisenbahnwagen;fahrzeug straßenbahn tram waggon
hochgeschwindigkeitszug mit spitzer nase;ice
hochgeschwindigkeitszug;bahn japan shinkansen
zug;bahn eisenbahn ice
u-bahn;metro
s-bahn;ice monorail zug
bahnhof;zug
straßenbahn;tram verkehrsmittel
einschienenbahn;magnetschwebebahn monorail
bergbahn;bimmelbahn zug
straßenbahnwagen;tram transport verkehrsmittel waggon
bus;fahrzeug schulbus
bus von vorne;verkehrsmittel vorderansicht
oberleitungsbus;straßenbahn trolleybus
kleinbus;fahrzeug
krankenwagen;ambulanz notfall
feuerwehrauto;brand löschfahrzeug
polizeiwagen;streifenwagen
polizeiwagen von vorne;streifenwagen vorderansicht
taxi;auto fahrzeug
taxi von vorne;auto fahren
auto;fahren rot verkehr
auto von vorne;fahrzeug rot
wohnmobil;auto blau fahren verreisen
pick-up;auto fahren laster lieferwagen
lieferwagen;lastwagen lkw
sattelzug;lastwagen lkw umziehen
traktor;bauernhof landwirtschaft trecker
rennauto;autorennen
motorrad;moped
motorroller;vespa
manueller rollstuhl;barrierefreiheit behinderung
elektrischer rollstuhl;barrierefreiheit behinderung
autorikscha;fahrzeug tuk-tuk
fahrrad;bmx radeln radler spinning
tretroller;
skateboard;brett räder fahren
rollschuh;laufen sport
bushaltestelle;
autobahn;schnellstraße
bahngleis;gleise schienen
ölfass;
tanksäule;benzin
autorad;drehen reifen mit felgen
polizeilicht;sirene
horizontale verkehrsampel;vertikal
vertikale verkehrsampel;horizontal
stoppschild;achteckig
baustellenabsperrung;schild
anker;hafen meer
rettungsring;leben schwimmring sicherheit
segelboot;
kanu;boot wassersport
schnellboot;luxus see sommer wasser
passagierschiff;aida rundreise seereise traumschiff
fähre;schiff
motorboot;schiff
schiff;dampfer kreuzfahrtschiff traumschiff
flugzeug;flieger
kleines flugzeug;privatjet
abflug;fliegen flughafen start eines
landung eines flugzeugs;ankunft flieger
fallschirm;paragliding skydiving sport
sitzplatz;bus flugzeug zug
hubschrauber;fliegen helikopter reisen
schwebebahn;hängebahn
bergschwebebahn;
bergseilbahn;gondel
satellit;sputnik weltraum
rakete;all weltraum
fliegende untertasse;alien außerirdisch ufo
rezeptionsklingel;
gepäck;ballast hartschalenkoffer reise trolley-tasche
sanduhr;prozess vorgang läuft zeit
laufende sanduhr;prozess vorgang läuft
armbanduhr;zeit
wecker;uhr uhrzeit
stoppuhr;zeit
zeitschaltuhr;timer
kaminuhr;tick tack
ziffernblatt 12:00 uhr;12:00
12:30 uhr;00:30 12:30
1:00 uhr;01:00 13:00
1:30 uhr;1:30 halb
2:00 uhr;2:00 zeit
2:30 uhr;2:30 halb
3:00 uhr;3:00 zeit
3:30 uhr;3:30 halb
4:00 uhr;4:00 zeit
4:30 uhr;04:30 16:30
5:00 uhr;05:00 17:00
5:30 uhr;05:30 17:30
6:00 uhr;6:00 zeit
6:30 uhr;6:30 halb
7:00 uhr;7:00 ziffernblatt
7:30 uhr;7:30 halb
8:00 uhr;8:00 um
8:30 uhr;8:30 halb
9:00 uhr;9:00 zeit
9:30 uhr;9:30 halb
10:00 uhr;10:00 zeit
10:30 uhr;10:30 halb
11:00 uhr;11:00 zeit
11:30 uhr;11:30 halb
neumond;
erstes mondviertel;zunehmend
zunehmender halbmond;
zweites mondviertel;zunehmend
vollmond;
drittes mondviertel;abnehmend
abnehmender halbmond;
letztes mondviertel;abnehmend nacht
mondsichel;nacht
neumond mit gesicht;mondgesicht
mondsichel mit gesicht links;weltall
mondsichel mit gesicht rechts;nacht
thermometer;temperatur wetter
sonne;strahlen wetter
vollmond mit gesicht;
sonne mit gesicht;
ringplanet;gasplanet himmelskörper saturn
weißer mittelgroßer stern;astronomie gelber
funkelnder stern;glitzern
sternschnuppe;himmel
milchstraße;galaxie universum
wolke;wetter
sonne hinter wolke;
wolke mit blitz und regen;
sonne hinter kleiner wolke;bewölkt
sonne hinter großer wolke;bewölkt
sonne hinter regenwolke;wetter
wolke mit regen;wetter
wolke mit schnee;kalt wetter
wolke mit blitz;gewitter wetter
wirbelsturm;tornado wetter
nebel;neblig wetter
wind;wetter
wirbel;spirale
regenbogen;wetter
geschlossener regenschirm;
regenschirm;bekleidung wetter
regenschirm im regen;
aufgestellter sonnenschirm;strand
hochspannung;blitz elektrizität gefahr gewitter
schneeflocke;kalt wetter winter
schneemann im schnee;
schneemann ohne schneeflocken;kalt winter
komet;weltall
feuer;brennen flamme heiß
tropfen;schweiß träne wasser
welle;meer
halloweenkürbis;herbst kürbislaterne
weihnachtsbaum;tanne
feuerwerk;silvester
wunderkerze;feiern feuerwerk party
feuerwerkskörper;dynamit explosion funken knall
funkelnde sterne;*
luftballon;feier geburtstag
konfettibombe;böller feier juhu knaller
konfettiball;feier party
tanabata-baum;fest japan sternenfest zettel
piniendekoration;japan neujahrsfest
japanische puppen;
traditionelle japanische windsäcke;feier karpfen
japanisches windspiel;bimmel feier glocke
traditionelles mondfest;japan
roter umschlag;geld geschenk glück
pinke schleife;feier geschenk rosa
geschenk;feier geburtstag schachtel schleife
gedenkschleife;
eintrittskarten;billet ticket
ticket;konzert unterhaltung
militärorden;
pokal;bundesliga champion gewinnen preis
sportmedaille;gewinn goldmedaille
goldmedaille;erster gewinn 1. platz
silbermedaille;2. platz zweiter
bronzemedaille;dritter 3. platz
fußball;bundesliga messi
baseball;
softball;baseball handschuh sport unterarm
basketball;korb sport
volleyball;sport
football;american sport super bowl
rugbyball;sport
tennisball;sport
frisbee;disc disk fliegende untertasse
bowling;kugel spiel
kricket;ball cricket schläger
feldhockey;schläger
eishockey;und puck schläger
lacrosse;ball schläger sport stick
tischtennis;ball ping pong schläger
badminton;federball schläger
boxhandschuh;boxen sport
kampfsportanzug;judo karate taekwondo
tor;fußball netz sport
golffahne;
schlittschuh;eislauf
angel mit fisch;entspannung
tauchmaske;schnorcheln schwimmen sport
laufshirt;mit schärpe sport
ski;und stöcke
schlitten;rodel schnee
curlingstein;spiel sport
darts;pfeil spiel volltreffer zielscheibe
jo-jo;spielzeug yo-yo
drachen;fliegen hochfliegen steigen wind
wasserpistole;revolver waffe
billardkugel;8-ball schwarz spiel
kristallkugel;wahrsager zukunft
zauberstab;abrakadabra hexe magie wunder
gamepad;gaming unterhaltung videospiel
joystick;gaming videospiel
spielautomat;glücksspiel
spielwürfel;casino unterhaltung würfeln zufall
puzzleteil;bestandteile hinweise hobby passen
teddybär;kuscheltier plüschteddy spielwaren stoffbär
piñata;feier hau drauf mexikanisch
discokugel;lichtreflexe party spiegel tanz
matroschka;babuschka puppe russland spielzeug
pik;karten
herz;kartenspiel
karo;kartenspiel
kreuz;kartenspiel
bauer schach;
jokerkarte;spielkarte
mahjong-stein;roter drache spiel
japanische blumenkarte;hanafuda
masken;kunst theater unterhaltung
gerahmtes bild;gemälde kunst malen
mischpalette;farben kunst künstler
faden;nadel nähen nähfaden nähgarn
nähnadel;einfädeln faden und nähen
wollknäuel;ball garn häkeln spinnen
knoten;achterknoten binden schnur seemansknoten
brille;accessoire
sonnenbrille;augen dunkel
schutzbrille;augenschutz schweißen tauchen
laborkittel;arzt doc doktor experiment
sicherheitsweste;kleidung notfall
hemd mit krawatte;kleidung kragen
t-shirt;kleidung
jeans;hose kleidung
schal;hals kalt kleidung warm
handschuhe;
mantel;brr jacke kalt kleidung
socken;strumpf strümpfe
kleid;
kimono;japanisch kleid
sari;kleid
einteiliger badeanzug;kleidung
slip;badeanzug einteiler kleidung unterwäsche
shorts;badebekleidung boxershorts schwimmshorts
bikini;badeanzug kleidung
bluse;damenmode kleidung oberbekleidung shirt
faltfächer;abkühlung flirten heiß kühlen
geldbörse;accessoire brieftasche münzen portemonnaie
handtasche;accessoire einkaufen
clutch;accessoire beutel handtasche kulturbeutel
einkaufstüten;shoppen tasche
schulranzen;rucksack tornister
zehensandale;badelatschen flipflops sandalen schuh
herrenschuh;gehen
sportschuh;laufen rennen sneaker turnschuh
wanderstiefel;brauner schuh campen kleidungsstück
flacher schuh;ballerina bequem frauenschuh
stöckelschuh;absatz damen elegant high
damensandale;schuh
ballettschuhe;kleidung tanz
damenstiefel;schuh
haarkamm;afro pick kämmen
krone;kopfbedeckung könig majestät
damenhut;mit schleife kleidung kopfbedeckung
zylinder;hut kopfbedeckung unterhaltung zauberer
doktorhut;abschlussfeier diplom
baseballmütze;schirmkappe
militärhelm;armee heer krieg kämpfer
rettungshelm;bergen erste hilfe mit
gebetskette;beten religion rosenkranz
lippenstift;kosmetik make-up rot schminke
ring;diamantring edelstein schmuck verlobung
edelstein;diamant
durchgestrichener lautsprecher;leise psst stumm
lautsprecher mit geringer lautstärke;eingeschaltet
lautsprecher mit mittlerer lautstärke;einer
lautsprecher mit hoher lautstärke;dezibel
lautsprecher;megafon schallendes
megafon;jubel lautsprecher
posthorn;brief e-mail
glocke;ding dong klingeling ton
durchgestrichene glocke;kein ton leise
notenschlüssel;musik partitur violinschlüssel
musiknote;lied melodie
musiknoten;
studiomikrofon;
schieberegler;musik
drehregler;bedienknöpfe stellknöpfe
mikrofon;karaoke singen unterhaltung
kopfhörer;musik unterhaltung
radio;musik
saxofon;instrument musik
trompete;instrument musik
posaune;blasinstrument blechblasinstrument jazz musik
akkordeon;concertina harmonika instrument musik
gitarre;instrument musik
klaviatur;instrument musik piano tastatur
geige;instrument musik violine
banjo;instrument musik saiteninstrument zupfinstrument
trommel;drumsticks instrument musik schlägel
afrikanische trommel;conga handtrommel instrument
maracas;cha-cha-cha instrument musik party
flöte;band blaskapelle holzblasinstrument musik
harfe;amor cupido instrument liebe
mobiltelefon;handy iphone smartphone telefonieren
mobiltelefon mit pfeil;anruf handy
telefon;anruf festnetz
telefonhörer;anrufen kommunikation
pager;kommunikation piepser
faxgerät;kommunikation
batterie;akku
schwache batterie;akku fast leer
netzstecker;stromstecker
laptop;bildschirm computer monitor notebook
desktopcomputer;bildschirm imac monitor
drucker;computer
tastatur;computer keyboard
computermaus;
trackball;computer
minidisc;md
diskette;datenträger
cd;blu-ray dvd
dvd;blu-ray cd computer
abakus;berechnung kalkulation mathe rechenhilfe
filmkamera;kino unterhaltung
filmstreifen;kino
filmprojektor;kino unterhaltung
filmklappe;unterhaltung
fernseher;film tv
fotoapparat;kamera
fotoapparat mit blitz;
videokamera;filmen
videokassette;vhs
lupe nach links;suche vergrößerungsglas
lupe nach rechts;suche vergrößerungsglas
kerze;licht
glühbirne;hell idee lampe licht
taschenlampe;licht
rote papierlaterne;izakaya japanische lokal
öllampe;diya
notizbuch mit dekorativem einband;
geschlossenes buch;
offenes buch;bibliothek blättern geöffnet
grünes buch;lesen
blaues buch;
orangefarbenes buch;
bücherstapel;fantasie lesen roman
notizbuch;
spiralblock;notizblock
teilweise eingerolltes blatt;dokument papier
schriftrolle;papier
vorderseite eines blattes;dokument papier
zeitung;medien nachrichten presse
zusammengerollte zeitung;
pagemarker;notizen
lesezeichen;etikett
etikett;label marke
münze;bezahlen dollar euro geld
geldsack;moneten reich
schatztruhe;beute edelstein geld gold
yen-banknote;geld
dollar-banknote;geld währung
euro-banknote;geld
pfund-banknote;geld
geldschein mit flügeln;bank euro
kreditkarte;bankkarte ec-karte geldkarte guthaben
beleg;abrechnung aufstellung blatt buchhalter
steigende kurve mit yen-zeichen;diagramm
briefumschlag;e-mail
e-mail;brief post
eingehender briefumschlag;e-mail empfangen
umschlag mit pfeil;e-mail gesendet
postausgang;ablage e-mail
posteingang;ablage e-mail
paket;päckchen
geschlossener briefkasten mit post;e-mail
geschlossener briefkasten ohne post;keine
offener briefkasten mit post;e-mail
offener briefkasten ohne post;keine
briefkasten;post
urne mit wahlzettel;
bleistift;
schwarzer federhalter;füller stift
füllhalter;schreiben stift
kugelschreiber;stift
pinsel;kunst malen
wachsmalstift;buntstift filzstift
papier und bleistift;kurzmitteilung nachricht
aktentasche;
ordner;akten büro dokument geschlossen
geöffneter ordner;dokument offen
karteireiter;akten büro
kalender;datum
abreißkalender;datum termin
notizblock;papier
spiralkalender;
rotationskartei;visitenkarten
aufwärtstrend;diagramm kurve steigend
abwärtstrend;diagramm fallend kurve
balkendiagramm;
klemmbrett;clipboard clpboard zwischenablage
reißzwecke;anpinnen
stecknadel;anpinnen reißzwecke rund
büroklammer;
verhakte büroklammern;
lineal;
dreieckiges lineal;geodreieck
schere;schneiden
karteikasten;büroausstattung
aktenschrank;ablage archiv schublade
papierkorb;abfalleimer
geschlossenes schloss;datenschutz sicherheit
offenes schloss;nicht gesichert
schloss mit füller;datenschutz privat
schloss mit schlüssel;datenschutz privat
schlüssel;passwort
alter schlüssel;
hammer;werkzeug
axt;beil hacken holz spalten
pickel;werkzeug
hammer und pickel;arbeiter werkzeug
hammer und schraubenschlüssel;werkzeug
dolch;schwert waffe
gekreuzte schwerter;waffe
bombe;comic dynamit explodieren
bumerang;aborigines australien boomerang schleuder
pfeil und bogen;
schutzschild;
handsäge;holz sägen tischler trimmen
schraubenschlüssel;werkzeug
schraubenzieher;werkzeug
mutter und schraube;
zahnrad;werkzeug
schraubzwinge;werkzeug
waage;gerechtigkeit gewicht werkzeug wiegen
blindenstock;barrierefreiheit behinderung gehstock
linksymbol;kettenglieder verknüpfen zwei ringe
gebrochene kette;brechen freiheit handschellen
ketten;eisen
haken;angelhaken aufhaken einhaken hängen
werkzeugkasten;box handkasten kiste mechaniker
magnet;anziehung hufeisen pole positiv
leiter;hochsteigen holzleiter klettern sprosse
schaufel;graben loch schippe spaten
destillierapparat;werkzeug
reagenzglas;chemie experiment labor substanz
petrischale;bakterien biologe kultur labor
dna;biologe dns evolution gen
mikroskop;labor untersuchen wissenschaft
teleskop;himmel
satellitenschüssel;antenne sat-schüssel satschüssel
spritze;arzt impfen injektion kanüle
blutstropfen;flüssigkeit medizin menstruation
kapsel;arznei arzt medizin pille
heftpflaster;verletzt wunde
krücke;behinderung beinverletzung fußverletzung gehhilfe
stethoskop;abhören arzt doktor herz
röntgenbild;durchleuchten knochen medizin radiologie
tür;eingang geschlossen
fahrstuhl;aufzug haus lift symbol
spiegel;holzspiegel reflexion wandspiegel
fenster;aussicht durchsichtig frische luft
bett;hotel schlafen übernachtung
sofa und lampe;couch
stuhl;holzstuhl möbel sitzen
toilette;klo wc
saugglocke;abfluss gummiglocke klempner klo
dusche;
badewanne;dusche
mausefalle;anlocken käse mäusefalle
rasierer;klinge scharf
creme;feuchtigkeitscreme haarwaschmittel körpercreme lotion
sicherheitsnadel;punk windel
besen;fegen hexe kehren reinigen
korb;bauernhof landwirtschaft picknick tragekorb
küchenrolle;hygiene klopapier papierrolle toilette
eimer;behälter bottich kübel wassereimer
seife;baden putzen reinigen riegel
blasen;perlen reinigen schaum schweben
zahnbürste;badezimmer körperpflege mundhygiene putzen
schwamm;absorbieren aufsaugen löchrig porös
feuerlöscher;löschen
einkaufswagen;
zigarette;kippe rauchen
sarg;beerdigung tod tot vampir
grabstein;friedhof rip tot
urne;beerdigung tod tot
nazar-amulett;blau böser blick glasperle
hamsa;amulett auge in offener
statue;gesicht maske osterinsel
protestschild;ankündigung bekanntmachung demonstration hinweis
ausweis;dokument führerschein karte pass
symbol „geldautomat“;atm
symbol „papierkorb“;abfall müll sauberkeit
trinkwasser;wasserhahn
symbol „rollstuhl“;barrierefrei behindertengerecht
herren;wc
damen;wc
toiletten;wc
symbol „baby“;wickelraum
wc;toilette
passkontrolle;
zollkontrolle;
gepäckausgabe;
gepäckaufbewahrung;schließfach
warnung;achtung dreieck vorsicht
kinder überqueren die straße;vorsicht
zutritt verboten;einbahnstrasse kein durchfahrt
verboten;kein zutritt
fahrräder verboten;fahhrad radfahren
rauchverbot;verboten zigarette
abfall verboten;müll
kein trinkwasser;verboten verschmutzt
fußgänger verboten;
mobiltelefone verboten;handy
minderjährige verboten;erwachsene nicht jugendfrei
radioaktiv;
biogefährdung;zeichen
pfeil nach oben;aufwärts norden
pfeil nach rechts oben;nordosten
pfeil nach rechts;osten
pfeil nach rechts unten;südosten
pfeil nach unten;abwärts süden
pfeil nach links unten;
pfeil nach links;westen
pfeil nach links oben;nordwesten
pfeil nach oben und unten;
pfeil nach links und rechts;
geschwungener pfeil nach links;
geschwungener pfeil nach rechts;umdrehen
geschwungener pfeil nach oben;
geschwungener pfeil nach unten;
kreisförmige pfeile im uhrzeigersinn;
pfeile gegen den uhrzeigersinn;kreisförmige
back-pfeil;links zurück
end-pfeil;ende-zeichen links
on!-pfeil;anschalten ein-zeichen einschaltem rechts
soon-pfeil;bald-zeichen rechts
top-pfeil;nach oben
religiöse stätte;kultstätte
atomzeichen;atheist
om;hinduismus religion
davidstern;jüdisch religion
dharma-rad;buddhismus
yin und yang;daoismus religion
lateinisches kreuz;christentum religion römisch
orthodoxes kreuz;christentum religion
hilal und stern;islam muslim
friedenszeichen;
menora;leuchter religion
hexagramm mit punkt;wahrsager
khanda;deg tegh fateh glaube
widder (sternzeichen);(sternzeichen)
stier (sternzeichen);horoskop
zwillinge (sternzeichen);horoskop (sternzeichen)
krebs (sternzeichen);(sternzeichen)
löwe (sternzeichen);horoskop (sternzeichen)
jungfrau (sternzeichen);horoskop (sternzeichen)
waage (sternzeichen);horoskop (sternzeichen)
skorpion (sternzeichen);horoskop (sternzeichen)
schütze (sternzeichen);(sternzeichen)
steinbock (sternzeichen);(sternzeichen)
wassermann (sternzeichen);(sternzeichen)
fische (sternzeichen);(sternzeichen) horoskop
schlangenträger;sternbild
zufallsmodus;gekreuzt pfeile richtung verschlungene
wiederholen;im uhrzeigersinn keycap pfeile
titel wiederholen;dasselbe einmal im
wiedergabe;abspielen dreieck pfeil rechts
doppelpfeile nach rechts;vorwärts weiter
nächster titel;doppelpfeil dreieck vorwärts
wiedergabe oder pause;dreieck pfeil
pfeil zurück;dreieck links
zurückspulen;doppelpfeil nach links dreieck
vorheriger titel;doppelpfeil dreieck zurück
aufwärts-schaltfläche;nach oben pfeil
doppelpfeile nach oben;aufwärts
abwärts-schaltfläche;nach unten pfeil
doppelpfeile nach unten;abwärts
pause;keycap streifen tastenkappe vertikal
stopp;aufnahme keycap quadrat tastenkappe
aufnehmen;keycap kreis tastenkappe
auswerfen;medien
kinosymbol;film blauem quadrat unterhaltung
taste dimmen;gedimmt helligkeit schwache
heller-taste;starke
balkenförmige signalstärkenanzeige;empfang mobilfunksignal
wlan;computer drahtlos hotspot internet
vibrationsmodus;handy kommunikation mobiltelefon symbol
mobiltelefon aus;ausschalten handy
frauensymbol;weiblich zeichen
männersymbol;mann zeichen
transgender-symbol;für
mal;abbrechen multiplikation x ×
plus;+ addieren mathe
minus;- mathe −
geteilt durch;division mathe ÷
gleichheitszeichen extrafett;ist mathematik vergleichszeichen
unendlichkeit;ewig grenzenlos
doppeltes ausrufezeichen;muss rot satzzeichen
ausrufe- und fragezeichen;rot satzzeichen
rotes fragezeichen;satzzeichen warum wieso
weißes fragezeichen;satzzeichen warum
weißes ausrufezeichen;muss satzzeichen
rotes ausrufezeichen;! satzzeichen
wellenlinie;gewellt
geldwechsel;währung
dollarzeichen extrafett;bezahlen geld knete
äskulapstab;apotheke arznei asklepiosstab medizin
recycling-symbol;grüne punkt
lilie;fleur-de-lis
dreizack;anker poseidon triton
namensschild;
japanisches anfänger-zeichen;symbol
hohler roter kreis;großer
weißes häkchen;abgehakt erledigt
abgehaktes kästchen;abstimmungsfeld mit häkchen
kräftiges häkchen;abhaken erledigt fertig
kreuzzeichen;abbrechen durchgestrichen mal multiplikation
angekreuztes kästchen;feld kreuzsymbol im
schleife;
doppelschleife;blau rechteck
teilalternationszeichen;japanisch zeichensetzung
achtzackiger stern;* grün quadrat
achtstrahliger stern;*
funkeln;* grün quadrat
copyright;
registered-trademark;markenzeichen
markenzeichen;tm trademark
spritzer;farbe fleck holi klecks
taste: #;
taste: *;
taste: 0;null
taste: 1;eins
taste: 2;zwei
taste: 3;drei
taste: 4;vier
taste: 5;fünf
taste: 6;sechs
taste: 7;sieben
taste: 8;acht
taste: 9;neun
taste: 10;
eingabesymbol lateinische großbuchstaben;abcd
eingabesymbol lateinische kleinbuchstaben;
eingabesymbol zahlen;1234 ziffern
eingabesymbol sonderzeichen;% & keycap
eingabesymbol lateinische buchstaben;abc alphabet
großbuchstabe a in rotem quadrat;
großbuchstaben ab in rotem quadrat;
großbuchstabe b in rotem quadrat;
großbuchstaben cl in rotem quadrat;
wort „cool“ in blauem quadrat;
wort „free“ in blauem quadrat;
buchstabe „i“ in blauem quadrat;
großbuchstaben id in lila quadrat;
buchstabe „m“ in kreis;eingekreist
wort „new“ in blauem quadrat;
großbuchstaben ng in blauem quadrat;
großbuchstabe o in rotem quadrat;
großbuchstaben ok in blauem quadrat;
großbuchstabe p in blauem quadrat;
sos-zeichen;hilfe
schriftzug „up!“ im blauen quadrat;
schriftzug vs in orangem quadrat;
schriftzeichen „koko“;japanisches
schriftzeichen „sa“;japanisches
schriftzeichen für „monatsbetrag“;japanisch monatlich
schriftzeichen für „nicht gratis“;berechnen
schriftzeichen für „reserviert“;finger japanisches
schriftzeichen für „schnäppchen“;japanisches „vorteil“
schriftzeichen für „rabatt“;japanisches „teilen“
schriftzeichen für „gratis“;japanisches „verhandlung“
schriftzeichen für „verbieten“;japanisches kanji
schriftzeichen für „akzeptieren“;japanisch
schriftzeichen für „anwenden“;chinesisches japanisches
schriftzeichen für „note zum bestehen“;
schriftzeichen für „zimmer frei“;chinesisches
schriftzeichen für „gratulation“;chinesisches japanisches
schriftzeichen für „geheimnis“;chinesisches japanisches
schriftzeichen für „geöffnet“;betrieb chinesisches
schriftzeichen für „kein zimmer frei“;
roter punkt;ball
oranger punkt;form kreis scheibe
gelber punkt;form scheibe kreis
grüner punkt;form scheibe kreis
blauer punkt;ball großer kreis
lila punkt;form kreis scheibe
brauner punkt;scheibe kreis form
schwarzer punkt;ball großer kreis
weißer punkt;ball großer kreis
rotes quadrat;form viereck
oranges quadrat;form viereck
gelbes quadrat;form viereck
grünes quadrat;form viereck
blaues quadrat;viereck form
lila quadrat;form viereck violett
braunes quadrat;viereck form
großes schwarzes quadrat;
großes weißes quadrat;
mittelgroßes schwarzes quadrat;
mittelgroßes weißes quadrat;
mittelkleines schwarzes quadrat;
mittelkleines weißes quadrat;geometrisch
kleines schwarzes quadrat;punkt
kleines weißes quadrat;
große orangefarbene raute;
große blaue raute;
kleine orangefarbene raute;
kleine blaue raute;
rotes dreieck mit der spitze nach oben;
rotes dreieck mit der spitze nach unten;
rautenform mit punkt;diamant
optionsfeld;schaltfläche
weiße quadratische schaltfläche;
schwarze quadratische schaltfläche;
`;
