"""Words that open sentences or stand before names and are no names themselves, by language."""

from __future__ import annotations

from collections.abc import Mapping

from agent.checks.words import fold

_WORDS: Mapping[str, str] = {
    "en": """the a an this that these those it its he she they we i you his her their our my your there here what who whom
        whose which when where why how if as at by for from in into of on onto off over under up down out to with without
        within while since until after before during between among against about above across along around behind below
        beneath beside besides beyond but and or nor so yet not no none both either neither each every all any some many
        much more most few fewer several such same other another one two three four five six seven eight nine ten last
        next first second third however although though even because also then than thus therefore moreover meanwhile
        despite instead according among only just still already again once soon later earlier now today yesterday
        tomorrow perhaps maybe yes let is are was were be been being has have had do does did will would can could may
        might must should shall mr mrs ms miss dr sir lady lord rev sen rep gov gen col lt sgt prof president vice prime
        minister ministers chancellor secretary senator governor mayor king queen prince princess pope archbishop bishop
        father judge justice general captain chief chairman chairwoman director officer officials police government
        congress parliament senate house court state states city county river lake mount street road avenue university
        college school church bank company inc corp ltd foreign former new old north south east west northern southern
        eastern western central national international federal republican republicans democrat democrats democratic
        people men women children workers voters critics experts scientists researchers analysts residents protesters
        witnesses supporters lawmakers authorities investigators prosecutors leaders countries nations""",
    "nl": """de het een dit dat deze die hij zij ze wij we ik jij u zijn haar hun ons onze mijn uw er hier daar wat wie welke
        wanneer waar waarom hoe als bij door voor van in naar op over onder uit tot met zonder binnen terwijl sinds na
        tijdens tussen tegen om ook maar en of dus toch niet geen beide elk elke alle enkele veel meer meest sommige
        andere laatste eerste tweede derde volgens hoewel omdat toen dan daarom bovendien ondertussen ondanks echter
        alleen nog al weer nu vandaag gisteren morgen misschien ja is was waren wordt werd werden heeft had hebben zal
        zou kan kon mag moet volgende vorige mevrouw meneer dhr mevr de heer dr prof president premier minister koning
        koningin prins paus burgemeester volgens toch zo sommigen velen zelfs net bijna dat daarbij daarna vervolgens""",
    "de": """der die das ein eine einer einem einen eines dies diese dieser dieses diesem diesen er sie es wir ich ihr sein seine
        ihre unser mein hier da dort was wer welche welcher wann wo warum wie wenn als ob bei durch für von vom in im ins
        nach auf über unter aus bis zu zum zur mit ohne während seit vor zwischen gegen um auch aber und oder doch nicht kein
        keine beide jeder jede jedes alle einige viele mehr manche andere letzte erste zweite dritte laut obwohl weil dann
        daher außerdem unterdessen trotz nur noch schon wieder jetzt heute gestern morgen vielleicht ja ist war waren wird
        wurde wurden hat hatte haben soll sollte kann konnte muss herr frau dr prof präsident präsidentin kanzler kanzlerin
        minister ministerin könig königin papst bürgermeister denn zwar zudem jedoch allerdings damit dabei danach dass so""",
    "fr": """le la les l un une des du de d ce cet cette ces il elle ils elles on nous je vous tu son sa ses leur leurs notre nos
        mon votre y ici là que qui quoi quel quelle quand où pourquoi comment si comme chez par pour dans en sur sous vers à
        au aux avec sans pendant depuis après avant entre contre aussi mais et ou ni donc or car ne pas aucun aucune chaque
        tout tous toute toutes plusieurs beaucoup plus certains autres dernier première premier deuxième selon bien alors
        ainsi puis cependant toutefois malgré seul encore déjà maintenant hier demain peut oui est était sont ont avait a
        sera m mme mlle mm dr pr président présidente premier ministre ministre roi reine pape maire lors parmi outre même
        après voici voilà cela ceci c s n qu j t lorsque puisque tandis""",
    "es": """el la los las lo un una unos unas este esta estos estas ese esa esos eso esto aquel él ella ellos ellas nosotros yo usted
        su sus nuestro mi aquí allí que qué quien quién cual cuál cuando cuándo donde dónde por para porque cómo como si en
        de del desde hasta sobre bajo a al con sin durante tras después antes entre contra también pero y e o u ni pues no
        ningún ninguna cada todo todos toda todas varios muchos más algunos otros otro otra último primera primer primero
        según aunque entonces así luego además mientras pese sólo solo aún ya hoy ayer mañana sí es era fue son eran ha han
        había será puede sr sra dr presidente presidenta primer ministro ministra rey reina papa alcalde se le les me te
        sin embargo cabe hay tanto tan muy""",
    "it": """il lo la i gli le l un uno una dei degli delle del dello della dell di d da dal dalla dai in nel nella nei nelle su sul
        sulla sui con senza per tra fra questo questa questi queste quello quella quelli quelle egli lui lei loro noi io voi
        suo sua suoi nostro mio qui lì che chi quale quando dove perché come se a al alla ai alle durante dopo prima contro
        anche ma e ed o né quindi non nessun nessuna ogni tutto tutti tutta alcuni molti più altri altro altra ultimo primo
        seconda secondo sebbene poiché poi così inoltre mentre nonostante solo ancora già oggi ieri domani forse sì è era
        sono erano ha hanno aveva sarà può sig signora signor dott presidente premier ministro ministra re regina papa
        sindaco si ci vi ne tuttavia infatti""",
    "pt": """o a os as um uma uns umas este esta estes estas esse essa isso isto aquele ele ela eles elas nós eu você seu sua seus
        suas nosso meu aqui ali que quem qual quando onde por para porque como se em no na nos nas de do da dos das desde até
        sobre sob ao à com sem durante após depois antes entre contra também mas e ou nem pois não nenhum nenhuma cada todo
        todos toda vários muitos mais alguns outros outro outra último primeiro primeira segundo embora então assim além
        enquanto apesar só ainda já hoje ontem amanhã sim é era foi são eram tem têm tinha será pode sr sra dr presidente
        ministro ministra rei rainha papa prefeito""",
    "pl": """ten ta to ci te tego tej tym tych on ona ono oni one my ja ty wy jego jej ich nasz mój tu tam co kto który która które
        gdy kiedy gdzie dlaczego jak jeśli jeżeli czy w we z ze do na nad pod od ode po przed przy przez dla bez podczas między
        przeciw o u za także też ale a i oraz lub albo ani więc nie żaden każdy każda wszyscy wszystkie kilka wiele więcej
        niektórzy inni inny ostatni pierwszy drugi trzeci według choć chociaż ponieważ bo potem tak ponadto tymczasem mimo
        jednak jednakże tylko jeszcze już teraz dziś wczoraj jutro może tak jest był była było byli są ma mają będzie pan
        pani dr prof prezydent premier minister król królowa papież burmistrz zdaniem według natomiast niemniej dlatego
        obecnie wówczas wtedy dzięki jako aby żeby""",
    "ru": """этот эта это эти тот та то те он она оно они мы я ты вы его её их наш мой здесь там что кто который когда где почему
        как если ли в во с со к ко на над под от из по перед при через для без во время между против о об у за также тоже но а
        и или либо ни не нет каждый все всё несколько много больше некоторые другие другой последний первый второй третий
        согласно хотя потому затем так кроме однако тем несмотря только ещё уже сейчас сегодня вчера завтра может да есть
        был была было были будет г госпожа господин д р президент премьер министр король королева папа мэр при этом по
        после до более тогда чтобы поэтому ранее""",
    "uk": """цей ця це ці той та те ті він вона воно вони ми я ти ви його її їх наш мій тут там що хто який коли де чому як якщо чи
        в у з зі до на над під від по перед при через для без під час між проти о об за також але а і й або ні не кожен всі
        кілька багато інші останній перший другий згідно хоча тому потім так крім однак лише ще вже зараз сьогодні вчора
        завтра може був була було були буде пан пані президент прем міністр""",
    "tr": """bu şu o bunlar şunlar onlar biz ben sen siz onun bizim benim burada orada ne kim hangi zaman nerede neden niçin nasıl
        eğer ise de da ile için gibi kadar göre sonra önce üzerinde altında arasında karşı hakkında ve veya ya ama fakat ancak
        çünkü değil hiç her bütün tüm bazı birçok çok daha diğer başka son ilk ikinci üçüncü rağmen ayrıca böylece öte yandan
        sadece yalnızca hâlâ zaten şimdi bugün dün yarın belki evet bir iki üç sayın bay bayan dr prof başkan başkanı
        cumhurbaşkanı başbakan bakan bakanı kral kraliçe papa belediye bunun buna bunu ki hem en eski yeni olarak üstelik
        dolayısıyla oysa artık henüz yine""",
    "sv": """den det de en ett denna detta dessa han hon vi jag du ni hans hennes deras vår min här där vad vem vilken när var varför
        hur om som i på av från till med utan under över efter före mellan mot också men och eller inte ingen varje alla några
        många mer andra sista första enligt även trots bara ännu redan nu idag igår kanske ja är var har hade ska kan herr fru
        president statsminister minister kung drottning påve""",
    "da": """den det de en et denne dette disse han hun vi jeg du i hans hendes deres vores min her der hvad hvem hvilken når hvor
        hvorfor hvordan hvis som på af fra til med uden under over efter før mellem mod også men og eller ikke ingen hver alle
        nogle mange mere andre sidste første ifølge selv trods kun endnu allerede nu dag går måske ja er var har havde skal
        kan præsident statsminister minister konge dronning pave""",
    "fi": """se ne tämä nämä hän he me minä sinä hänen heidän meidän täällä siellä mitä kuka mikä kun missä miksi miten jos kuin
        ja tai mutta ei mukaan myös vaikka koska sitten vain vielä jo nyt tänään eilen huomenna ehkä on oli ovat olivat
        presidentti pääministeri ministeri kuningas kuningatar paavi""",
    "cs": """ten ta to ti ty on ona ono oni my já vy jeho její jejich náš můj zde tam co kdo který kdy kde proč jak pokud v ve z ze do
        na nad pod od po před při přes pro bez během mezi proti o u za také ale a i nebo ani ne žádný každý všichni několik
        mnoho více jiní poslední první druhý podle ačkoli protože pak tak však jen ještě už nyní dnes včera zítra možná je byl
        byla bylo byli jsou má mají bude pan paní prezident premiér ministr král královna papež""",
    "el": """ο η το οι τα τον την του της των ένας μια ένα αυτός αυτή αυτό αυτοί εμείς εγώ εσείς εδώ εκεί τι ποιος όταν πού γιατί πώς
        αν σε στο στη στην στον από με για προς κατά μετά πριν μεταξύ και ή αλλά δεν μη κάθε όλοι πολλοί περισσότερο άλλοι
        τελευταίος πρώτος σύμφωνα αν όμως μόνο ακόμη ήδη τώρα σήμερα χθες αύριο ίσως ναι είναι ήταν έχει είχε θα κ κα""",
    "ro": """un o unei unui acest această acești el ea ei ele noi eu voi lui lor nostru meu aici acolo ce cine care când unde de cum
        dacă în din la pe peste sub cu fără după înainte între contra și sau dar nu niciun fiecare toți unii mulți mai alți
        ultimul primul potrivit deși atunci astfel totuși doar încă deja acum astăzi ieri mâine poate da este era sunt au avea
        va domnul doamna președintele premierul ministrul""",
    "hu": """a az egy ez azok ezek ő ők mi én ti itt ott mit ki melyik amikor hol miért hogyan ha és vagy de nem minden több más
        utolsó első szerint bár mert aztán csak még már most ma tegnap holnap talán igen volt van lesz elnök miniszterelnök
        miniszter király királynő pápa""",
    "id": """ini itu dia mereka kami kita saya anda di ke dari pada dengan tanpa untuk oleh dan atau tetapi tidak bukan setiap semua
        beberapa banyak lebih lain terakhir pertama menurut meskipun karena kemudian juga hanya masih sudah sekarang hari
        kemarin besok mungkin ya adalah presiden perdana menteri raja ratu""",
}  # fmt: skip

FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(fold(word) for word in words.split()) for language, words in _WORDS.items()
}
"""Folded."""

ALL_FUNCTION_WORDS = frozenset().union(*FUNCTION_WORDS.values())
"""For a language that is not known."""
