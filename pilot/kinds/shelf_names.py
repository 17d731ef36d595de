"""The shelves' names in the languages that the table of shelves does not hold."""

LANGUAGES = ("de", "it", "pt", "nl", "ca", "sv", "ro", "cs", "bg", "el")

# slug | de | it | pt | nl | ca | sv | ro | cs | bg | el
NAMES = """
alimentacion|Lebensmittel|Alimentari|Alimentação|Levensmiddelen|Alimentació|Livsmedel|Alimente|Potraviny|Храни|Τρόφιμα
aceite|Olivenöl|Olio d’oliva|Azeite|Olijfolie|Oli d’oliva|Olivolja|Ulei de măsline|Olivový olej|Зехтин|Ελαιόλαδο
conservas|Konserven|Conserve|Conservas|Conserven|Conserves|Konserver|Conserve|Konzervy|Консерви|Κονσέρβες
queso|Käse|Formaggi|Queijos|Kaas|Formatge|Ost|Brânzeturi|Sýry|Сирена|Τυριά
jamon-embutido|Schinken und Wurst|Prosciutto e salumi|Presunto e enchidos|Ham en vleeswaren|Pernil i embotit|Skinka och charkuterier|Jambon și mezeluri|Šunka a uzeniny|Шунка и колбаси|Χαμόν και αλλαντικά
miel-dulces|Honig und Süßes|Miele e dolci|Mel e doces|Honing en zoet|Mel i dolços|Honung och sötsaker|Miere și dulciuri|Med a sladkosti|Мед и сладости|Μέλι και γλυκά
especias-arroz|Gewürze und Reis|Spezie e riso|Especiarias e arroz|Kruiden en rijst|Espècies i arròs|Kryddor och ris|Condimente și orez|Koření a rýže|Подправки и ориз|Μπαχαρικά και ρύζι
cafe-te|Kaffee und Tee|Caffè e tè|Café e chá|Koffie en thee|Cafè i te|Kaffe och te|Cafea și ceai|Káva a čaj|Кафе и чай|Καφές και τσάι
hogar|Zuhause|Casa|Casa|Wonen|Llar|Hem|Casă|Domácnost|Дом|Σπίτι
vajilla|Geschirr und Keramik|Stoviglie e ceramica|Loiça e cerâmica|Servies en keramiek|Vaixella i ceràmica|Porslin och keramik|Veselă și ceramică|Nádobí a keramika|Съдове и керамика|Σερβίτσια και κεραμικά
cocina|Küche|Cucina|Cozinha|Keuken|Cuina|Kök|Bucătărie|Kuchyně|Кухня|Κουζίνα
iluminacion|Leuchten|Illuminazione|Iluminação|Verlichting|Il·luminació|Belysning|Iluminat|Osvětlení|Осветление|Φωτισμός
muebles|Möbel|Mobili|Móveis|Meubels|Mobles|Möbler|Mobilă|Nábytek|Мебели|Έπιπλα
textil-hogar|Heimtextilien|Tessili per la casa|Têxteis-lar|Huishoudtextiel|Tèxtil de la llar|Hemtextil|Textile pentru casă|Bytový textil|Домашен текстил|Λευκά είδη
decoracion|Deko und Kerzen|Decorazione e candele|Decoração e velas|Decoratie en kaarsen|Decoració i espelmes|Inredning och ljus|Decorațiuni și lumânări|Dekorace a svíčky|Декорация и свещи|Διακόσμηση και κεριά
jardin|Garten|Giardino|Jardim|Tuin|Jardí|Trädgård|Grădină|Zahrada|Градина|Κήπος
mascotas|Haustiere|Animali domestici|Animais de estimação|Huisdieren|Mascotes|Husdjur|Animale de companie|Domácí mazlíčci|Домашни любимци|Κατοικίδια
moda|Mode|Moda|Moda|Mode|Moda|Mode|Modă|Móda|Мода|Μόδα
ropa|Kleidung|Abbigliamento|Roupa|Kleding|Roba|Kläder|Îmbrăcăminte|Oblečení|Облекло|Ρούχα
calzado|Schuhe|Calzature|Calçado|Schoenen|Calçat|Skor|Încălțăminte|Obuv|Обувки|Παπούτσια
bolsos-piel|Taschen und Leder|Borse e pelle|Malas e pele|Tassen en leer|Bosses i pell|Väskor och läder|Genți și piele|Kabelky a kůže|Чанти и кожа|Τσάντες και δέρμα
accesorios|Accessoires|Accessori|Acessórios|Accessoires|Accessoris|Accessoarer|Accesorii|Doplňky|Аксесоари|Αξεσουάρ
joyas-relojes|Schmuck und Uhren|Gioielli e orologi|Joias e relógios|Sieraden en horloges|Joies i rellotges|Smycken och klockor|Bijuterii și ceasuri|Šperky a hodinky|Бижута и часовници|Κοσμήματα και ρολόγια
belleza|Schönheit und Pflege|Bellezza e cura|Beleza e cuidado|Schoonheid en verzorging|Bellesa i cura|Skönhet och vård|Frumusețe și îngrijire|Krása a péče|Красота и грижа|Ομορφιά και περιποίηση
jabones|Seifen|Saponi|Sabonetes|Zeep|Sabons|Tvål|Săpunuri|Mýdla|Сапуни|Σαπούνια
cremas|Cremes und Öle|Creme e oli|Cremes e óleos|Crèmes en oliën|Cremes i olis|Krämer och oljor|Creme și uleiuri|Krémy a oleje|Кремове и масла|Κρέμες και έλαια
electronica|Elektronik|Elettronica|Eletrónica|Elektronica|Electrònica|Elektronik|Electronice|Elektronika|Електроника|Ηλεκτρονικά
audio|Audio|Audio|Áudio|Audio|Àudio|Ljud|Audio|Audio|Аудио|Ήχος
carga-cables|Laden und Kabel|Ricarica e cavi|Carregamento e cabos|Opladen en kabels|Càrrega i cables|Laddning och kablar|Încărcare și cabluri|Nabíjení a kabely|Зарядни и кабели|Φόρτιση και καλώδια
ordenador-movil|Computer und Handy|Computer e telefono|Computador e telemóvel|Computer en telefoon|Ordinador i mòbil|Dator och mobil|Calculator și telefon|Počítač a mobil|Компютър и телефон|Υπολογιστής και κινητό
ocio|Spielzeug und Freizeit|Giochi e tempo libero|Brinquedos e lazer|Speelgoed en vrije tijd|Joguines i lleure|Leksaker och fritid|Jucării și timp liber|Hračky a volný čas|Играчки и свободно време|Παιχνίδια και ελεύθερος χρόνος
juguetes|Spielzeug|Giocattoli|Brinquedos|Speelgoed|Joguines|Leksaker|Jucării|Hračky|Играчки|Παιχνίδια
papeleria|Schreibwaren|Cartoleria|Papelaria|Schrijfwaren|Papereria|Pappersvaror|Papetărie|Papírnictví|Канцеларски материали|Χαρτικά
libros|Bücher|Libri|Livros|Boeken|Llibres|Böcker|Cărți|Knihy|Книги|Βιβλία
musica|Musik und Tanz|Musica e danza|Música e dança|Muziek en dans|Música i ball|Musik och dans|Muzică și dans|Hudba a tanec|Музика и танци|Μουσική και χορός
aire-libre|Draußen|Vita all’aperto|Ar livre|Buiten|Aire lliure|Friluftsliv|Aer liber|Venku|На открито|Ύπαιθρος
bici|Fahrrad|Bicicletta|Bicicleta|Fietsen|Bicicleta|Cykling|Bicicletă|Kolo|Велосипед|Ποδήλατο
viaje-monte|Reisen und Wandern|Viaggi e trekking|Viagem e montanha|Reizen en wandelen|Viatge i muntanya|Resa och vandring|Călătorii și drumeții|Cestování a turistika|Пътуване и планина|Ταξίδι και πεζοπορία
"""
