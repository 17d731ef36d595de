"""The shelves (categories), the kinds of goods with their codes and measures, and what a shopkeeper says of each family."""

# slug | parent | position | motif | VAT goods | es | en | fr | pl | zh-hans
CATEGORIES = """
alimentacion||1|olive_oil|food|Alimentación|Food|Épicerie|Żywność|食品
aceite|alimentacion|1|olive_oil|olive_oil|Aceite de oliva|Olive oil|Huile d’olive|Oliwa z oliwek|橄榄油
conservas|alimentacion|2|tinned_fish|food|Conservas|Preserves|Conserves|Konserwy|罐头
queso|alimentacion|3|cheese|food_basic|Queso|Cheese|Fromage|Sery|奶酪
jamon-embutido|alimentacion|4|ham|food|Jamón y embutido|Ham and cured meats|Jambon et charcuterie|Szynka i wędliny|火腿
miel-dulces|alimentacion|5|honey|food|Miel y dulces|Honey and sweets|Miel et douceurs|Miód i słodycze|蜂蜜与甜点
especias-arroz|alimentacion|6|saffron|food|Especias y arroz|Spices and rice|Épices et riz|Przyprawy i ryż|香料与大米
cafe-te|alimentacion|7|coffee|food|Café y té|Coffee and tea|Café et thé|Kawa i herbata|咖啡与茶
hogar||2|vase|general|Hogar|Home|Maison|Dom|家居
vajilla|hogar|1|bowl|general|Vajilla y cerámica|Tableware and ceramics|Vaisselle et céramique|Zastawa i ceramika|餐具与陶瓷
cocina|hogar|2|pan|general|Cocina|Kitchen|Cuisine|Kuchnia|厨房
iluminacion|hogar|3|table_lamp|general|Iluminación|Lighting|Luminaires|Oświetlenie|灯具
muebles|hogar|4|chair|general|Muebles|Furniture|Meubles|Meble|家具
textil-hogar|hogar|5|blanket|general|Textil del hogar|Home textiles|Linge de maison|Tekstylia domowe|家纺
decoracion|hogar|6|vase|general|Decoración y velas|Decoration and candles|Décoration et bougies|Dekoracje i świece|装饰与蜡烛
jardin|hogar|7|plant_pot|general|Jardín|Garden|Jardin|Ogród|园艺
mascotas|hogar|8|pet_bed|general|Mascotas|Pets|Animaux|Zwierzęta|宠物
moda||3|shirt|general|Moda|Fashion|Mode|Moda|服饰
ropa|moda|1|shirt|general|Ropa|Clothing|Vêtements|Odzież|服装
calzado|moda|2|shoes|general|Calzado|Shoes|Chaussures|Obuwie|鞋
bolsos-piel|moda|3|bag|general|Bolsos y piel|Bags and leather|Sacs et cuir|Torby i skóra|箱包皮具
accesorios|moda|4|scarf|general|Accesorios|Accessories|Accessoires|Dodatki|配饰
joyas-relojes|moda|5|watch|general|Joyas y relojes|Jewellery and watches|Bijoux et montres|Biżuteria i zegarki|珠宝腕表
belleza||4|soap|general|Belleza y cuidado|Beauty and care|Beauté et soin|Uroda|美容护理
jabones|belleza|1|soap|general|Jabones|Soap|Savons|Mydła|香皂
cremas|belleza|2|cream|general|Cremas y aceites|Creams and oils|Crèmes et huiles|Kremy i olejki|护肤
electronica||5|headphones|general|Electrónica|Electronics|Électronique|Elektronika|电子产品
audio|electronica|1|speaker|general|Audio|Audio|Audio|Audio|音响
carga-cables|electronica|2|power_bank|general|Carga y cables|Charging and cables|Charge et câbles|Ładowanie i kable|充电与线材
ordenador-movil|electronica|3|keyboard|general|Ordenador y móvil|Computer and phone|Ordinateur et mobile|Komputer i telefon|电脑手机
ocio||6|wooden_toy|general|Juguetes y ocio|Toys and leisure|Jouets et loisirs|Zabawki i hobby|玩具与休闲
juguetes|ocio|1|wooden_toy|general|Juguetes|Toys|Jouets|Zabawki|玩具
papeleria|ocio|2|notebook|general|Papelería|Stationery|Papeterie|Artykuły papiernicze|文具
libros|ocio|3|book|books|Libros|Books|Livres|Książki|图书
musica|ocio|4|guitar|general|Música y baile|Music and dance|Musique et danse|Muzyka i taniec|音乐与舞蹈
aire-libre||7|backpack|general|Aire libre|Outdoors|Plein air|Na zewnątrz|户外
bici|aire-libre|1|helmet|general|Bicicleta|Cycling|Vélo|Rower|骑行
viaje-monte|aire-libre|2|backpack|general|Viaje y montaña|Travel and hiking|Voyage et randonnée|Podróże i góry|旅行登山
"""

# kind | motif | category | HS6 | VAT goods or - | family | variants scheme | grams | length x width x height mm | attributes es; en
KINDS = """
aove|olive_oil|aceite|150920|-|oil|oil_bottle|0|80x80x290|Categoría: Virgen extra; Category: Extra virgin
aove_lata|oil_tin|aceite|150920|-|oil|oil_tin|0|150x110x280|Categoría: Virgen extra; Category: Extra virgin
aove_sabor|olive_oil|aceite|151800|food|oil_flavour|oil_small|0|60x60x240|Uso: En crudo; Use: For finishing
vinagre|wine|especias-arroz|220900|-|vinegar|ml_small|0|65x65x260|Acidez: 7 %; Acidity: 7 %
aceitunas|preserve|conservas|200570|-|preserve|jar|0|90x90x130|Envase: Tarro de vidrio; Container: Glass jar
pescado|tinned_fish|conservas|160413|-|fish|tin|0|110x65x25|Envase: Lata RO-120; Container: Easy-open tin
atun|tinned_fish|conservas|160414|-|fish|tin|0|110x65x25|Envase: Lata RO-120; Container: Easy-open tin
anchoa|tinned_fish|conservas|160416|-|fish|tin|0|110x65x25|Conservación: Entre 5 y 12 °C; Storage: Between 5 and 12 °C
marisco|tinned_fish|conservas|160553|-|shellfish|tin|0|110x65x25|Envase: Lata ovalada; Container: Oval tin
verdura|preserve|conservas|200599|-|preserve|jar|0|90x90x140|Envase: Tarro de vidrio; Container: Glass jar
queso|cheese|queso|040690|-|cheese|cheese|0|180x180x100|Conservación: Entre 4 y 10 °C; Storage: Between 4 and 10 °C
membrillo|preserve|miel-dulces|200799|-|jam|jar|0|90x90x120|Fruta: 60 g por 100 g; Fruit: 60 g per 100 g
jamon|ham|jamon-embutido|021011|-|ham|ham_leg|0|900x280x180|Curación: Mínimo 24 meses; Curing: 24 months or more
loncheado|ham|jamon-embutido|021019|-|ham|ham_pack|0|260x180x10|Envase: Al vacío; Packing: Vacuum pack
embutido|sausage|jamon-embutido|160100|-|sausage|sausage|0|350x70x60|Envase: Al vacío; Packing: Vacuum pack
miel|honey|miel-dulces|040900|-|honey|jar_honey|0|90x90x130|Origen de la miel: España; Honey origin: Spain
turron|turron|miel-dulces|170490|-|nougat|sweet_box|0|220x120x30|Calidad: Suprema; Grade: Suprema
dulce|biscuits|miel-dulces|190531|-|biscuit|sweet_box|0|260x180x60|Envase: Caja de cartón; Container: Cardboard box
chocolate|chocolate|miel-dulces|180632|-|chocolate|bar|0|160x80x12|Formato: Tableta; Format: Bar
mermelada|preserve|miel-dulces|200799|-|jam|jar|0|80x80x110|Fruta: 55 g por 100 g; Fruit: 55 g per 100 g
azafran|saffron|especias-arroz|091020|-|saffron|gram|0|60x60x80|Categoría: I, ISO 3632; Category: I, ISO 3632
pimenton|spice|especias-arroz|090422|-|spice|tin_spice|0|70x50x100|Envase: Lata; Container: Tin
especia|spice|especias-arroz|091099|-|spice|tin_spice|0|70x50x100|Envase: Lata; Container: Tin
arroz|rice_sack|especias-arroz|100630|food_basic|rice|sack|0|180x110x280|Envase: Saco de tela; Container: Cloth bag
legumbre|rice_sack|especias-arroz|071333|food_basic|pulse|sack|0|180x110x280|Envase: Saco de tela; Container: Cloth bag
cafe|coffee|cafe-te|090121|-|coffee|coffee|0|110x70x260|Tueste: Medio; Roast: Medium
te|tea|cafe-te|090230|-|tea|tea|0|80x80x130|Presentación: Hoja suelta; Form: Loose leaf
infusion|tea|cafe-te|121190|-|herbal|tea|0|80x80x130|Presentación: Hoja suelta; Form: Loose leaf
lote|gift_box|alimentacion|210690|-|hamper|one|2600|330x250x150|Presentación: Caja de madera; Presentation: Wooden box
cuenco|bowl|vajilla|691200|-|ceramic|bowl|620|190x190x90|Uso: Apto para alimentos; Use: Food safe
taza|cup|vajilla|691200|-|ceramic|set246|330|120x95x90|Uso: Apto para alimentos; Use: Food safe
plato|plate|vajilla|691200|-|ceramic|plate|780|270x270x35|Uso: Apto para alimentos; Use: Food safe
jarron|vase|decoracion|691390|-|ceramic|size3|1400|170x170x280|Material: Cerámica; Material: Ceramic
azulejo|tile|decoracion|690740|-|tile|tiles|2100|150x150x60|Soporte: Bizcocho de arcilla; Body: Fired clay
maceta|plant_pot|jardin|691490|-|ceramic|size3|2300|240x240x220|Material: Barro; Material: Clay
vidrio|glasses|vajilla|701337|-|glass|set246|420|170x90x130|Material: Vidrio soplado; Material: Blown glass
camisa|shirt|ropa|620590|-|linen|sizes5|310|330x250x40|Composición: 100 % lino; Fabric: 100 % linen
camiseta|shirt|ropa|610910|-|cotton|sizes5|190|300x220x30|Composición: 100 % algodón orgánico; Fabric: 100 % organic cotton
vestido|dress|ropa|620449|-|linen|sizes4|420|350x260x50|Composición: 100 % lino; Fabric: 100 % linen
chaqueta|jacket|ropa|620292|-|jacket|sizes4|860|400x300x70|Composición: 70 % lino, 30 % algodón; Fabric: 70 % linen, 30 % cotton
pantalon|trousers|ropa|620469|-|linen|sizes5|450|340x260x50|Composición: 55 % lino, 45 % algodón; Fabric: 55 % linen, 45 % cotton
alpargata|espadrilles|calzado|640520|-|espadrille|shoe_es|520|310x200x110|Suela: Yute y caucho natural; Sole: Jute and natural rubber
zapato|shoes|calzado|640399|-|shoe|shoe_w|980|330x210x120|Corte: Piel vacuna; Upper: Cow leather
zapato_h|shoes|calzado|640399|-|shoe|shoe_m|1180|340x220x125|Corte: Piel vacuna; Upper: Cow leather
bolso|bag|bolsos-piel|420221|-|leather|col3|780|340x300x130|Material: Piel vacuna de curtido vegetal; Material: Vegetable-tanned leather
capazo|palm_bag|bolsos-piel|460219|-|palm|size3|640|420x250x300|Material: Fibra vegetal; Material: Plant fibre
cartera|wallet|bolsos-piel|420231|-|leather|col4|140|120x100x25|Material: Piel vacuna de curtido vegetal; Material: Vegetable-tanned leather
cinturon|belt|accesorios|420330|-|leather|belt|230|130x120x50|Ancho: 3,5 cm; Width: 3.5 cm
sombrero|hat|accesorios|650400|-|hat|hat|210|340x310x130|Material: Fibra vegetal; Material: Plant fibre
bufanda|scarf|accesorios|621420|-|wool|col4|260|300x220x50|Composición: 100 % lana merina; Fabric: 100 % merino wool
calcetin|socks|ropa|611595|-|sock|socks|90|200x110x40|Composición: 78 % algodón, 20 % poliamida, 2 % elastano; Fabric: 78 % cotton, 20 % polyamide, 2 % elastane
abanico|fan|accesorios|670100|-|fan|col3|80|240x40x25|Varillaje: Madera de peral; Sticks: Pear wood
manta|blanket|textil-hogar|630120|-|wool|blanket|1350|400x300x120|Composición: 100 % lana; Fabric: 100 % wool
alfombra|rug|textil-hogar|570231|-|wool|rug|3400|850x160x160|Composición: 100 % lana; Fabric: 100 % wool
cojin|cushion|textil-hogar|630492|-|textile|col3|680|450x450x140|Lavado: Programa delicado; Care: Gentle cycle
toalla|towel|textil-hogar|630260|-|textile|towel|520|300x220x90|Gramaje: 550 g/m²; Weight: 550 g/m²
sabana|bed_linen|textil-hogar|630231|-|textile|bed|1450|380x300x80|Composición: 100 % algodón, 200 hilos; Fabric: 100 % cotton, 200 threads
tabla|board|cocina|441911|-|wood|size2|1450|400x260x30|Madera: Roble aceitado; Wood: Oiled oak
silla|chair|muebles|940169|-|wood|finish2|5200|880x480x500|Madera: Haya maciza; Wood: Solid beech
taburete|stool|muebles|940169|-|wood|finish2|3900|500x390x390|Madera: Roble macizo; Wood: Solid oak
mesa|side_table|muebles|940360|-|wood|finish2|9800|620x620x160|Madera: Roble macizo; Wood: Solid oak
espejo|mirror|decoracion|700992|-|decor|size2|3100|620x620x60|Luna: 4 mm; Glass: 4 mm
jabon|soap|jabones|340111|-|soap|soap|130|90x60x35|Apto para: Manos y cuerpo; For: Hands and body
vela|candle|decoracion|340600|-|candle|candle|420|95x95x110|Cera: Soja; Wax: Soy
crema|cream|cremas|330499|-|cream|cosmetic|110|60x60x130|Apto para: Piel normal y seca; For: Normal and dry skin
cuchillo|knife|cocina|821192|-|knife|knifeset|240|380x70x30|Acero: Inoxidable 4116; Steel: Stainless 4116
sarten|pan|cocina|732393|-|pan|pan|1600|460x290x90|Apta para: Inducción, gas y horno; For: Induction, gas and oven
paellera|paella_pan|cocina|732393|-|paella|paella|1300|480x480x70|Material: Acero pulido; Material: Polished steel
cafetera|moka_pot|cocina|761510|-|moka|moka|720|170x110x230|Material: Aluminio; Material: Aluminium
hervidor|kettle|cocina|732393|-|kettle|col3|980|240x210x240|Capacidad: 1,6 l; Capacity: 1.6 l
botella|flask|cocina|961700|-|flask|flask|390|80x80x270|Material: Acero inoxidable 18/8; Material: Stainless steel 18/8
cuaderno|notebook|papeleria|482010|-|paper|ruling|310|220x155x20|Papel: 90 g/m² sin ácido; Paper: 90 g/m², acid-free
pluma|fountain_pen|papeleria|960830|-|pen|col3|70|170x60x30|Plumín: Acero, trazo M; Nib: Steel, M
libro|book|libros|490199|-|book|one|460|230x160x25|Encuadernación: Tapa dura; Binding: Hardback
guitarra|guitar|musica|920290|-|guitar|guitar|2900|1080x420x150|Tapa: Cedro macizo; Top: Solid cedar
castanuela|castanets|musica|920600|-|castanet|col2|160|130x100x60|Material: Fibra y tela; Material: Fibre and cloth
lampara|table_lamp|iluminacion|940521|-|lamp|col3|1700|300x300x420|Casquillo: E27, máx. 40 W; Socket: E27, 40 W at most
flexo|desk_lamp|iluminacion|940521|-|lamp|col3|1900|420x220x180|Casquillo: LED integrado, 8 W; Light: Built-in LED, 8 W
colgante|pendant_lamp|iluminacion|940511|-|lamp|col3|1500|400x400x280|Casquillo: E27, máx. 60 W; Socket: E27, 60 W at most
altavoz|speaker|audio|851821|-|audio|col3|780|200x110x110|Autonomía: 14 h; Battery life: 14 h
auricular|headphones|audio|851830|-|audio|col3|310|210x190x90|Conexión: Bluetooth 5.3; Connection: Bluetooth 5.3
bateria|power_bank|carga-cables|850760|-|battery|mah|260|150x75x30|Salida: USB-C 30 W; Output: USB-C 30 W
cable|cable|carga-cables|854442|-|cable|cable|70|150x110x25|Conector: USB-C; Connector: USB-C
teclado|keyboard|ordenador-movil|847160|-|keyboard|keyb|780|380x160x50|Conexión: USB-C y Bluetooth; Connection: USB-C and Bluetooth
funda|phone_case|ordenador-movil|392690|-|case|phone|45|180x100x15|Material: TPU reciclado; Material: Recycled TPU
dron|drone|ordenador-movil|880622|-|drone|one|680|240x190x90|Masa al despegue: 249 g; Take-off mass: 249 g
robot|robot_toy|juguetes|950300|-|toy|col3|420|260x180x110|Edad: A partir de 3 años; Age: 3 years and up
madera|wooden_toy|juguetes|950300|-|toy|one|520|260x180x90|Madera: Haya y tilo; Wood: Beech and lime
puzle|puzzle|juguetes|950300|-|puzzle|pieces|480|300x220x50|Cartón: Reciclado, 2 mm; Board: Recycled, 2 mm
pelota|ball|juguetes|950300|-|toy|col3|260|230x230x230|Edad: A partir de 3 años; Age: 3 years and up
luz_bici|bike_light|bici|851210|-|bikelight|set2|140|130x90x50|Carga: USB-C; Charging: USB-C
casco|helmet|bici|650610|-|helmet|helmet|320|310x230x190|Norma: EN 1078; Standard: EN 1078
esterilla|yoga_mat|viaje-monte|950691|-|yoga|col4|1150|660x120x120|Medida: 183 x 61 cm; Size: 183 x 61 cm
tienda|tent|viaje-monte|630622|-|tent|one|2700|480x160x160|Columna de agua: 3000 mm; Water column: 3000 mm
mochila|backpack|viaje-monte|420292|-|bagpack|col3|780|460x300x160|Volumen: 22 l; Volume: 22 l
maleta|suitcase|viaje-monte|420212|-|suitcase|luggage|2700|560x380x220|Ruedas: Cuatro, dobles; Wheels: Four, double
paraguas|umbrella|accesorios|660191|-|umbrella|col4|410|900x60x60|Varillas: Fibra de vidrio; Ribs: Fibreglass
gafas|sunglasses|accesorios|900410|-|sunglass|col3|95|170x70x60|Filtro: Categoría 3, UV400; Filter: Category 3, UV400
reloj|watch|joyas-relojes|910211|-|watch|col3|130|110x90x80|Caja: Acero, 38 mm; Case: Steel, 38 mm
anillo|ring|joyas-relojes|711311|-|jewel|ring|40|70x70x50|Metal: Plata de ley 925; Metal: Sterling silver 925
collar|necklace|joyas-relojes|711311|-|jewel|chain|50|90x90x35|Metal: Plata de ley 925; Metal: Sterling silver 925
pendientes|earrings|joyas-relojes|711719|-|jewel2|col3|30|90x60x25|Material: Latón bañado; Material: Plated brass
herramienta|garden_tool|jardin|820130|-|tool|one|620|360x120x60|Material: Acero y fresno; Material: Steel and ash
panuelo_seda|scarf|accesorios|621410|-|silk|col3|90|260x200x30|Material: 100 % seda; Material: 100 % silk
fular|scarf|accesorios|621490|-|linenscarf|col2|140|260x200x30|Material: 100 % lino; Material: 100 % linen
manta_mixta|blanket|textil-hogar|630190|-|textile|blanket|1100|400x300x110|Material: 55 % lino, 45 % lana; Material: 55 % linen, 45 % wool
betun|shoes|accesorios|340510|-|shoecare|one|320|220x120x60|Uso: Piel lisa; Use: Smooth leather
correa_perro|belt|mascotas|420100|-|leather|size3|260|240x140x50|Material: Piel vacuna engrasada; Material: Oiled cow leather
estera|rug|textil-hogar|460129|-|palm|rug|2900|850x160x160|Material: Esparto; Material: Esparto grass
macetero|plant_pot|jardin|460219|-|palm|size3|520|260x260x230|Material: Esparto; Material: Esparto grass
cobre|pan|cocina|741810|-|copper|pan|1900|460x290x90|Material: Cobre estañado; Material: Tinned copper
podadera|garden_tool|jardin|820150|-|tool|one|340|230x90x40|Material: Acero al carbono; Material: Carbon steel
cargador|power_bank|carga-cables|850440|-|charger|plug|140|80x60x40|Potencia: 65 W; Power: 65 W
reloj_act|watch|joyas-relojes|851762|-|wearable|col3|90|110x90x80|Autonomía: 14 días; Battery life: 14 days
funda_piel|phone_case|ordenador-movil|420231|-|leather|phone|60|180x100x15|Material: Piel vacuna; Material: Cow leather
bolsa_viaje|bag|viaje-monte|420211|-|leather|size2|1900|520x300x260|Material: Piel vacuna de curtido vegetal; Material: Vegetable-tanned leather
puzle_madera|puzzle|juguetes|950300|-|puzzle|pieces|620|300x220x50|Material: Contrachapado de abedul; Material: Birch plywood
sabana_lino|bed_linen|textil-hogar|630229|-|textile|bed|1700|380x300x80|Material: 100 % lino; Material: 100 % linen
azulejo_uno|tile|decoracion|690740|-|tile|one|900|160x160x40|Material: Arcilla cocida; Material: Fired clay
posavasos|tile|vajilla|691200|-|tile|set246|210|110x110x30|Material: Arcilla cocida; Material: Fired clay
plato_pared|plate|decoracion|691390|-|ceramic|size3|1100|300x300x45|Uso: Decorativo; Use: Decorative
fuente|plate|vajilla|691200|-|ceramic|size2|1500|380x260x50|Uso: Apto para alimentos; Use: Food safe
soporte|board|cocina|441990|-|wood|one|3900|480x220x140|Material: Roble y acero; Material: Oak and steel
balsamo|cream|cremas|330410|-|cream|one|25|50x50x20|Contenido: 10 g; Content: 10 g
te_verde|tea|cafe-te|090210|-|tea|tea|0|80x80x130|Formato: Hoja suelta; Format: Loose leaf
lonas|cushion|textil-hogar|630492|-|textile|col2|420|450x450x100|Lavado: A mano; Care: By hand
cama_mascota|pet_bed|mascotas|630790|-|pet|size3|1500|600x450x180|Funda: Desmontable, lavable a 30 °C; Cover: Removable, washable at 30 °C
reloj_pared|wall_clock|decoracion|910521|-|decor|col3|900|320x320x60|Mecanismo: Cuarzo silencioso; Movement: Silent quartz
"""

# scheme: option | value, price factor, grams (0: the kind's), content amount, content unit ; ...
SCHEMES = """
one: -
oil_bottle: format | 250 ml,0.58,520,250,ml ; 500 ml,1,960,500,ml ; 750 ml,1.42,1380,750,ml
oil_tin: format | 500 ml,0.62,560,500,ml ; 1 l,1,1060,1000,ml ; 3 l,2.75,3050,3000,ml ; 5 l,4.4,5040,5000,ml
oil_small: format | 100 ml,0.62,260,100,ml ; 250 ml,1,520,250,ml
ml_small: format | 250 ml,0.66,540,250,ml ; 500 ml,1,980,500,ml
jar: format | 180 g,0.68,320,180,g ; 345 g,1,560,345,g ; 670 g,1.8,980,670,g
tin: format | Lata de 115 g,1,150,115,g ; Pack de 3 latas,2.82,450,345,g ; Caja de 12 latas,10.6,1850,1380,g
cheese: format | Cuña de 300 g,0.34,340,300,g ; Medio queso de 1 kg,1,1080,1000,g ; Queso entero de 2 kg,1.9,2150,2000,g
ham_leg: format | Pieza de 7 kg,1,8200,7000,g ; Pieza de 8 kg,1.15,9300,8000,g ; Deshuesado de 4,5 kg,0.98,5100,4500,g
ham_pack: format | Sobre de 100 g,1,125,100,g ; 5 sobres de 100 g,4.75,620,500,g ; 10 sobres de 100 g,9.2,1240,1000,g ; 20 sobres de 100 g,17.8,2450,2000,g
sausage: format | Vela de 350 g,1,400,350,g ; Pieza de 900 g,2.35,980,900,g
jar_honey: format | 250 g,0.58,430,250,g ; 500 g,1,760,500,g ; 1 kg,1.82,1420,1000,g
sweet_box: format | 200 g,0.72,260,200,g ; 300 g,1,380,300,g ; 800 g,2.4,940,800,g
bar: format | 80 g,1,95,80,g ; Pack de 5,4.6,480,400,g
gram: format | 1 g,0.3,60,1,g ; 4 g,1,90,4,g ; 10 g,2.3,140,10,g
tin_spice: format | 75 g,1,110,75,g ; 160 g,1.75,220,160,g ; 750 g,6.4,860,750,g
sack: format | 1 kg,1,1040,1000,g ; 5 kg,4.7,5100,5000,g ; 500 g,0.55,540,500,g
coffee: format | Grano 250 g,1,285,250,g ; Molido filtro 250 g,1,285,250,g ; Molido moka 250 g,1,285,250,g ; Grano 1 kg,3.7,1060,1000,g
tea: format | 50 g,0.62,130,50,g ; 100 g,1,190,100,g ; Recambio de 250 g,2.1,270,250,g
bowl: size | 12 cm,0.7,380 ; 16 cm,1,620 ; 22 cm,1.6,1250
set246: set | 1 unidad,1,0 ; Juego de 4,3.8,4x ; Juego de 6,5.5,6x
plate: size | Postre 20 cm,0.78,560 ; Llano 26 cm,1,780 ; Hondo 22 cm,0.95,720
size3: size | Pequeño,0.62,0.6x ; Mediano,1,1x ; Grande,1.65,1.7x
size2: size | Mediano,1,1x ; Grande,1.4,1.6x ; Grande con asa,1.55,1.7x
tiles: set | Pieza suelta,0.14,420 ; Caja de 9,1,3600 ; Mural de 24,2.5,9600
sizes5: size | XS,1,0 ; S,1,0 ; M,1,0 ; L,1,0 ; XL,1,0 ; XXL,1,0
sizes4: size | XS,1,0 ; S,1,0 ; M,1,0 ; L,1,0 ; XL,1,0
shoe_es: size | 35,1,0 ; 36,1,0 ; 37,1,0 ; 38,1,0 ; 39,1,0 ; 40,1,0 ; 41,1,0 ; 42,1,0
shoe_w: size | 36,1,0 ; 37,1,0 ; 38,1,0 ; 39,1,0 ; 40,1,0 ; 41,1,0 ; 42,1,0
shoe_m: size | 39,1,0 ; 40,1,0 ; 41,1,0 ; 42,1,0 ; 43,1,0 ; 44,1,0 ; 45,1,0
hat: size | 55-56,1,0 ; 57-58,1,0 ; 59-60,1,0
belt: size | 85 cm,1,0 ; 95 cm,1,0 ; 105 cm,1,0 ; 115 cm,1,0
socks: size | 36-40,1,0 ; 41-45,1,0
blanket: size | 130 x 170 cm,1,1x ; 160 x 220 cm,1.45,1.5x
rug: size | 60 x 120 cm,0.45,0.45x ; 120 x 180 cm,1,1x ; 160 x 230 cm,1.75,1.8x
towel: size | Lavabo 50 x 100 cm,0.5,0.5x ; Ducha 70 x 140 cm,1,1x ; Juego de 3,1.7,1.8x
bed: size | Cama de 90,0.75,0.7x ; Cama de 135,0.9,0.9x ; Cama de 150,1,1x ; Cama de 180,1.15,1.2x
finish2: finish | Aceite mate,1,0 ; Cera satinada,1.05,0 ; Barniz al agua,1.03,0
knifeset: set | Suelto,1,0 ; Con funda de cuero,1.22,1.2x ; En caja de regalo,1.15,1.3x
plug: plug | Europeo,1,0 ; Europeo con cable de 2 m,1.25,1.3x
soap: set | Pastilla de 100 g,1,130,100,g ; Caja de 3,2.7,400,300,g ; Caja de 6,5.1,790,600,g
candle: size | 120 g,0.62,260 ; 220 g,1,420 ; 600 g,2.2,1050 ; Recarga de 220 g,0.8,260
cosmetic: format | 30 ml,0.7,80,30,ml ; 50 ml,1,110,50,ml ; 200 ml,2.1,260,200,ml
pan: size | 20 cm,0.8,1100 ; 24 cm,1,1600 ; 28 cm,1.22,2100
paella: size | 4 raciones (34 cm),1,1300 ; 8 raciones (42 cm),1.35,1900 ; 12 raciones (50 cm),1.8,2700
moka: size | 3 tazas,0.82,520 ; 6 tazas,1,720 ; 9 tazas,1.3,980
flask: capacity | 350 ml,0.88,320 ; 500 ml,1,390 ; 750 ml,1.18,480
ruling: pattern | Liso,1,0 ; Rayado,1,0 ; Puntos,1,0 ; Cuadriculado,1,0
guitar: set | Con funda acolchada,1,1x ; Con estuche rígido,1.18,1.6x
col2: colour | 2
col3: colour | 4
col4: colour | 4
mah: capacity | 5000 mAh,0.66,150 ; 10000 mAh,1,240 ; 20000 mAh,1.55,410
cable: length | 0.5 m,0.8,45 ; 1 m,1,70 ; 2 m,1.3,110
keyb: style | Teclas en español,1,0 ; Teclas en inglés,1,0
phone: model | Modelo 14,1,0 ; Modelo 15,1,0 ; Modelo 15 Plus,1,0 ; Modelo 16,1.1,0
pieces: pieces | 500 piezas,0.8,0.7x ; 1000 piezas,1,1x
set2: set | Delantera,0.6,90 ; Delantera y trasera,1,140
helmet: size | S (51-55 cm),1,0 ; M (55-59 cm),1,0 ; L (59-63 cm),1,0
luggage: size | Cabina 55 cm,1,2700 ; Mediana 66 cm,1.3,3500 ; Grande 76 cm,1.55,4300
ring: size | 12,1,0 ; 14,1,0 ; 16,1,0 ; 18,1,0
chain: length | 42 cm,1,0 ; 50 cm,1.08,0
"""

# fibres of textiles whose kind does not say them, by a word of the Spanish title: es >> en
FIBRES = """
lana: 100 % lana >> 100 % wool
fieltro: 100 % fieltro de lana >> 100 % wool felt
lino: 100 % lino >> 100 % linen
seda: 100 % seda >> 100 % silk
lona: 100 % algodón >> 100 % cotton
rizo: 100 % algodón >> 100 % cotton
nido de abeja: 100 % algodón >> 100 % cotton
esparto: 100 % esparto >> 100 % esparto grass
palma: 100 % palma >> 100 % palm leaf
tienda: 100 % poliéster >> 100 % polyester
"""

# values of options that are words: es >> en; measures and numbers read the same in both
OPTION_WORDS = """
Lata de 115 g >> Tin of 115 g
Pack de 3 latas >> Pack of 3 tins
Caja de 12 latas >> Case of 12 tins
Cuña de 300 g >> Wedge of 300 g
Medio queso de 1 kg >> Half cheese of 1 kg
Queso entero de 2 kg >> Whole cheese of 2 kg
Pieza de 7 kg >> Leg of 7 kg
Pieza de 8 kg >> Leg of 8 kg
Deshuesado de 4,5 kg >> Boned, 4.5 kg
Sobre de 100 g >> Sachet of 100 g
5 sobres de 100 g >> 5 sachets of 100 g
10 sobres de 100 g >> 10 sachets of 100 g
20 sobres de 100 g >> 20 sachets of 100 g
Vela de 350 g >> Slim piece of 350 g
Pieza de 900 g >> Piece of 900 g
Pack de 5 >> Pack of 5
Grano 250 g >> Beans 250 g
Grano 1 kg >> Beans 1 kg
Molido filtro 250 g >> Ground for filter, 250 g
Molido moka 250 g >> Ground for moka pot, 250 g
Recambio de 250 g >> Refill of 250 g
Recarga de 220 g >> Refill of 220 g
Pastilla de 100 g >> Bar of 100 g
Caja de 3 >> Box of 3
Caja de 6 >> Box of 6
Caja de 9 >> Box of 9
Suelto >> On its own
Con funda de cuero >> With leather sheath
En caja de regalo >> In a gift box
1 unidad >> 1 piece
Juego de 3 >> Set of 3
Juego de 4 >> Set of 4
Juego de 6 >> Set of 6
Pieza suelta >> Single piece
Mural de 24 >> Panel of 24
Con funda acolchada >> With padded bag
Con estuche rígido >> With hard case
Delantera >> Front
Delantera y trasera >> Front and rear
Pequeño >> Small
Mediano >> Medium
Grande >> Large
Grande con asa >> Large with handle
4 raciones (34 cm) >> Serves 4 (34 cm)
8 raciones (42 cm) >> Serves 8 (42 cm)
12 raciones (50 cm) >> Serves 12 (50 cm)
3 tazas >> 3 cups
6 tazas >> 6 cups
9 tazas >> 9 cups
Postre 20 cm >> Dessert 20 cm
Llano 26 cm >> Dinner 26 cm
Hondo 22 cm >> Soup 22 cm
Lavabo 50 x 100 cm >> Hand 50 x 100 cm
Ducha 70 x 140 cm >> Bath 70 x 140 cm
Cama de 90 >> For a bed of 90 cm
Cama de 135 >> For a bed of 135 cm
Cama de 150 >> For a bed of 150 cm
Cama de 180 >> For a bed of 180 cm
Cabina 55 cm >> Cabin 55 cm
Mediana 66 cm >> Medium 66 cm
Grande 76 cm >> Large 76 cm
terracota >> terracotta
blanco hueso >> bone white
azul noche >> night blue
azul marino >> navy blue
negro grafito >> graphite black
negro >> black
verde salvia >> sage green
verde oliva >> olive green
verde botella >> bottle green
gris piedra >> stone grey
mostaza >> mustard
crudo >> ecru
ciruela >> plum
rosa palo >> dusty pink
marrón oscuro >> dark brown
burdeos >> burgundy
cuero >> tan
cobre >> copper
dorado >> gold
plateado >> silver
Aceite mate >> Matt oil
Cera satinada >> Satin wax
Barniz al agua >> Water-based varnish
Liso >> Plain
Rayado >> Ruled
Puntos >> Dotted
Cuadriculado >> Squared
500 piezas >> 500 pieces
1000 piezas >> 1000 pieces
Modelo 14 >> Model 14
Modelo 15 >> Model 15
Modelo 15 Plus >> Model 15 Plus
Modelo 16 >> Model 16
Teclas en español >> Spanish keys
Teclas en inglés >> English keys
Europeo >> European
Europeo con cable de 2 m >> European with 2 m cable
"""

# family: sentences a shopkeeper adds, es >> en; two or three of them go under an article
SAYINGS = """
oil: Guárdelo lejos de la luz y del calor: así conserva el aroma más de un año. >> Keep it away from light and heat and it holds its aroma for more than a year.
oil: En crudo sobre pan, tomate o pescado blanco se aprecia mejor que en la sartén. >> You taste it best raw, on bread, tomato or white fish.
oil: El poso del fondo es natural: este aceite se decanta, no se filtra dos veces. >> A little sediment is natural: we let the oil settle rather than filter it twice.
oil: La aceituna entra en el molino antes de que pasen seis horas desde la recogida. >> The olives reach the mill within six hours of picking.
oil: Extracción en frío, por debajo de 24 °C, con la partida escrita en la etiqueta. >> Cold extracted below 24 °C, with the batch written on the label.
oil_flavour: Basta un hilo al servir; con el fuego pierde el perfume. >> A thread when serving is enough; heat drives the scent away.
oil_flavour: El aroma sale de moler el fruto con la aceituna, no de esencias. >> The scent comes from milling the fruit with the olives, not from essences.
oil_flavour: Tapón antigoteo incluido, que en la mesa se agradece. >> Comes with a no-drip pourer, which the tablecloth appreciates.
vinegar: Envejecido en bota de roble que antes guardó vino. >> Aged in oak casks that used to hold wine.
vinegar: Una cucharada levanta un guiso de lentejas mejor que la sal. >> A spoonful lifts a lentil stew better than salt does.
preserve: Una vez abierto, cúbralo con su líquido y guárdelo en la nevera cinco días. >> Once open, keep it covered in its own liquid, in the fridge, for five days.
preserve: Envasado a mano en la semana de la cosecha. >> Packed by hand in the week of the harvest.
preserve: Sin conservantes añadidos; lo que dura, dura por el baño María. >> No added preservatives; it keeps because of the water bath.
preserve: El tarro sirve después para media cocina. >> The jar goes on to serve half the kitchen.
fish: Gana con los años: dele la vuelta a la lata de vez en cuando. >> It improves with the years: turn the tin over now and then.
fish: Escurra el aceite sobre una tosta y no lo tire. >> Drain the oil onto toast and do not throw it away.
fish: Las conserveras limpian y empacan pieza a pieza, como se ve al abrir. >> Cleaned and packed piece by piece by hand, as you see when you open it.
fish: La zona de captura y el arte de pesca están impresos en el estuche. >> Fishing ground and gear are printed on the sleeve.
shellfish: Sírvalo templado: unos minutos al baño María bastan. >> Serve it just warm: a few minutes in hot water will do.
shellfish: Con unas gotas de limón y pan, no pide más. >> A few drops of lemon and bread, and it asks for nothing else.
shellfish: El número de piezas por lata va en la tapa y se cumple. >> The count per tin stands on the lid and is kept.
cheese: Sáquelo de la nevera una hora antes de cortarlo. >> Take it out of the fridge an hour before you cut it.
cheese: La corteza no se come, pero da un caldo magnífico. >> You do not eat the rind, but it makes a splendid broth.
cheese: Enviamos en caja isotérmica con placas frías, de lunes a miércoles. >> Shipped in an insulated box with ice packs, Monday to Wednesday.
cheese: Envuélvalo en papel, no en plástico: tiene que respirar. >> Wrap it in paper rather than plastic: it has to breathe.
ham: A 22 °C la grasa brilla y el aroma sube: no lo sirva frío. >> At 22 °C the fat shines and the aroma rises: do not serve it cold.
ham: La pieza viaja en funda de algodón y caja reforzada. >> The leg travels in a cotton cover and a reinforced box.
ham: En cada etiqueta están la ganadería y la fecha de salazón. >> Each label names the farm and the date of salting.
ham: Los huesos, troceados si lo pide, hacen el mejor caldo del año. >> The bones, sawn if you ask, make the best stock of the year.
sausage: Atado a mano y curado en secadero natural, con ventanas que se abren según el viento. >> Hand-tied and cured in a natural loft, its windows opened by the wind.
sausage: Córtelo al bies y a temperatura ambiente. >> Slice it on the slant, at room temperature.
sausage: Entero y colgado aguanta semanas; empezado, mejor en un paño. >> Whole and hung it lasts for weeks; once cut, keep it in a cloth.
honey: Si cristaliza es buena señal: al baño María, a menos de 40 °C, vuelve a ser líquida. >> If it sets, that is a good sign: under 40 °C in a water bath it turns runny again.
honey: Las colmenas se mueven con la floración; el lote dice de dónde viene cada tarro. >> The hives follow the bloom; the batch number says where each jar comes from.
honey: No se calienta ni se mezcla con mieles de fuera. >> Never heated, never blended with honey from elsewhere.
honey: No apta para menores de un año. >> Not suitable for children under one year.
nougat: Cuézalo con la vista: se corta con cuchillo ancho y un golpe seco. >> Cut it with a broad knife and one dry knock.
nougat: Almendra marcona pelada en casa y miel de azahar, removidas en mecánica tres horas. >> Marcona almonds peeled here and orange-blossom honey, stirred for three hours.
nougat: Se hace de agosto a diciembre y se acaba cuando se acaba. >> Made from August to December, and when it is gone it is gone.
biscuit: Van de uno en uno en papel fino, como siempre. >> Each one is wrapped in thin paper, as ever.
biscuit: En lata cerrada siguen tiernos seis semanas. >> In a closed tin they stay tender for six weeks.
biscuit: Con café solo o con vino dulce, según la hora. >> With black coffee or sweet wine, depending on the hour.
chocolate: Molido a la piedra: se nota el grano, y así tiene que ser. >> Stone-ground: you feel the grain, and so you should.
chocolate: Pocos ingredientes, todos a la vista en el dorso. >> Few ingredients, all in plain sight on the back.
chocolate: Mejor entre 16 y 18 °C; la nevera lo blanquea. >> Best between 16 and 18 °C; the fridge turns it white.
jam: Cocida en perol de cobre, en tandas de doce kilos. >> Cooked in copper pans, twelve kilos at a time.
jam: Con queso curado hace mejor pareja que con tostadas. >> It goes even better with aged cheese than with toast.
jam: Menos azúcar que una mermelada corriente, así que dura menos una vez abierta. >> Less sugar than most jams, so it keeps a shorter time once open.
saffron: Tueste las hebras envueltas en papel, májelas y disuélvalas en caldo caliente. >> Toast the threads in paper, crush them and steep them in hot stock.
saffron: Para cuatro raciones bastan quince hebras. >> Fifteen threads are enough for four.
saffron: Cada lote lleva su análisis de color: pídalo y se lo mandamos. >> Every batch has its colour test: ask and we send it.
spice: Molido por encargo de temporada, así que el aroma llega entero. >> Ground for the season, so the aroma arrives whole.
spice: Échelo fuera del fuego para que no amargue. >> Add it off the heat so that it does not turn bitter.
spice: Cierre bien la lata: la humedad es lo único que lo estropea. >> Close the tin well: damp is the only thing that spoils it.
rice: Absorbe hasta tres veces su peso en caldo sin abrirse. >> Takes up three times its weight in stock without bursting.
rice: Diecisiete minutos y cinco de reposo, tapado con un paño. >> Seventeen minutes and five to rest under a cloth.
rice: Cosechado y molido en el mismo término. >> Grown and milled in the same parish.
pulse: De la última cosecha: con una noche de remojo queda mantecosa. >> This year's crop: a night's soak and it turns buttery.
pulse: Se cuece a fuego lento y se espanta dos veces con agua fría. >> Cook it slowly and shock it twice with cold water.
pulse: Piel fina, que no se suelta. >> A thin skin that stays on.
coffee: Tostamos los martes; el paquete lleva la fecha, no solo la caducidad. >> We roast on Tuesdays; the bag carries that date, not only the best-before.
coffee: Espere cinco días desde el tueste para espresso, tres para filtro. >> Wait five days after roasting for espresso, three for filter.
coffee: El importador y el precio pagado en origen están en la etiqueta. >> The label says who imported it and what the grower was paid.
coffee: En cafetera italiana, agua caliente desde el principio y fuego bajo. >> In a moka pot, start with hot water and keep the flame low.
tea: Agua a 80 °C para los verdes, a 95 °C para los negros. >> Water at 80 °C for greens, at 95 °C for blacks.
tea: La lata se rellena: hay recambio en papel. >> The caddy is made to be refilled: there is a paper refill.
tea: Da tres infusiones si no se le va la mano con el tiempo. >> Good for three infusions if you mind the time.
herbal: Sin teína: sirve para la noche. >> Free of caffeine: good for the evening.
herbal: Secado a la sombra, en rama, y desmenuzado a mano. >> Dried in the shade on the stem and crumbled by hand.
herbal: Cinco minutos tapada, para que el aroma no se vaya con el vapor. >> Five minutes with the lid on, so that the scent does not leave with the steam.
hamper: Se cierra a mano la víspera del envío, con la nota que usted escriba. >> Packed by hand on the eve of shipping, with the note you write.
hamper: La caja de madera vale después para herramientas, lápices o semillas. >> The wooden box serves afterwards for tools, pencils or seeds.
ceramic: Apto para lavavajillas y microondas; evite los cambios bruscos de temperatura. >> Fine in dishwasher and microwave; avoid sudden changes of temperature.
ceramic: Torneado a mano: la medida puede variar medio centímetro. >> Thrown by hand: sizes may vary by half a centimetre.
ceramic: El esmalte no lleva plomo y está analizado para uso alimentario. >> The glaze is lead-free and tested for food.
ceramic: El pie queda sin esmaltar, para que se vea el barro. >> The foot is left bare so that the clay shows.
ceramic: Dos hornadas, la segunda a 1.020 °C. >> Fired twice, the second time at 1,020 °C.
tile: Se coloca con cemento cola y junta de dos milímetros. >> Lay it with tile adhesive and a two-millimetre joint.
tile: Las piezas pintadas a mano no son idénticas, y en el conjunto se agradece. >> Hand-painted pieces are never the same, and together that is a virtue.
tile: Pida un diez por ciento de más para los cortes. >> Order ten per cent more for the cuts.
glass: Soplado a boca: una burbuja de vez en cuando no es un defecto. >> Mouth-blown: the odd bubble is no flaw.
glass: Mejor a mano y con agua templada. >> Better by hand in lukewarm water.
glass: El borde va cortado y pulido al fuego. >> The rim is cut and fire-polished.
linen: Lavado en prenda: llega suave y no encoge más. >> Garment-washed: it arrives soft and will not shrink again.
linen: Lávese a 30 °C y plánchelo húmedo, o no lo planche. >> Wash at 30 °C and iron it damp, or do not iron it at all.
linen: Tallaje regular; si duda entre dos, elija la menor. >> True to size; between two, take the smaller.
linen: Botones de corozo y costuras cargadas. >> Corozo buttons and felled seams.
cotton: Punto de 190 gramos que no se transparenta. >> A 190-gram knit that does not show through.
cotton: Cuello rematado con doble aguja para que no se dé de sí. >> Twin-needle collar so that it keeps its shape.
cotton: Lávese del revés a 30 °C. >> Wash inside out at 30 °C.
jacket: Forro a medias y bolsillo interior con botón. >> Half lined, with a buttoned inside pocket.
jacket: Limpieza en seco la primera vez; después, agua fría y perchas anchas. >> Dry clean the first time; after that cold water and a broad hanger.
jacket: Corte recto, pensado para llevar un jersey debajo. >> Cut straight, with room for a jumper.
espadrille: La suela se cose a mano con hilo de cáñamo en un solo cabo. >> The sole is sewn by hand with a single hemp thread.
espadrille: No las meta en agua: si se mojan, séquelas a la sombra y de pie. >> Keep them out of water; if they get wet, dry them upright in the shade.
espadrille: Ceden medio número en una semana: elíjalas ajustadas. >> They give half a size in a week: choose them snug.
shoe: Cosido Blake: se puede cambiar la suela. >> Blake-stitched: it can be resoled.
shoe: La piel se hidrata con crema incolora dos veces por temporada. >> Feed the leather with neutral cream twice a season.
shoe: Horma ancha de empeine; el número es el suyo de siempre. >> A roomy instep; take your usual size.
shoe: Plantilla extraíble de piel, por si usa la suya. >> Removable leather insole, in case you use your own.
leather: La piel se oscurece con el uso y toma la forma de su dueño. >> The leather darkens with use and takes its owner's shape.
leather: Cortado y cosido por la misma persona, que firma dentro. >> Cut and stitched by one person, who signs inside.
leather: Herrajes de latón macizo que se pueden reponer. >> Solid brass fittings that can be replaced.
leather: Un paño seco basta; una vez al año, cera de abeja. >> A dry cloth is enough; once a year, beeswax.
palm: Trenzado en fresco, así que huele a campo el primer mes. >> Braided green, so it smells of the fields for a month.
palm: Humedézcalo con un pulverizador si se reseca. >> Mist it lightly if it dries out.
palm: Asas forradas en piel, cosidas y no pegadas. >> Leather-bound handles, sewn rather than glued.
hat: Badana interior de algodón, que absorbe el sudor. >> A cotton sweatband inside.
hat: Guárdelo boca arriba, apoyado en la copa. >> Store it upside down, on its crown.
hat: Protege de verdad: ala de siete centímetros. >> Real shade: a seven-centimetre brim.
wool: La lana llega de rebaños con nombre y se hila sin mezclas. >> The wool comes from flocks with a name and is spun unblended.
wool: Se airea mejor que se lava; si hace falta, a mano y en frío. >> Airing beats washing; if you must, by hand and cold.
wool: Los orillos van tejidos, no cortados. >> The selvedges are woven, not cut.
wool: El tono puede variar entre partidas: es tinte vegetal. >> Shades vary between batches: the dyes are vegetable.
sock: Puntera cosida a mano, sin bulto. >> Toe closed by hand, without a ridge.
sock: Lávense a 40 °C y no pierden el color. >> Wash at 40 °C; the colour stays.
sock: Goma ancha, que no marca. >> A wide cuff that leaves no mark.
fan: Se abre con un golpe de muñeca desde el primer día. >> It opens with a flick of the wrist from day one.
fan: La tela se pega varilla a varilla y se pinta después. >> The cloth is glued stick by stick and painted afterwards.
fan: Llega en su funda, que también se lava. >> Comes in its own washable sleeve.
textile: Prelavado: no encoge. >> Pre-washed: it does not shrink.
textile: Secar a la sombra mantiene vivos los colores. >> Dry in the shade and the colours stay bright.
textile: Tejido en telares de lanzadera de los de antes. >> Woven on the shuttle looms of old.
silk: Se lava a mano con agua fría y una gota de champú. >> Wash by hand in cold water with a drop of shampoo.
silk: Plánchelo del revés y sin vapor. >> Iron inside out, without steam.
silk: Cada pieza lleva el dobladillo enrollado y cosido a aguja. >> Every piece has its hem rolled and stitched by needle.
linenscarf: Se arruga con gracia y se seca en una hora. >> It creases gracefully and dries in an hour.
linenscarf: Los bordes van deshilados a mano. >> The edges are frayed by hand.
paella: Frótela con aceite después de lavarla y no se oxidará. >> Rub it with oil after washing and it will not rust.
paella: El fondo apenas abombado se asienta al calentarse. >> The slightly domed base settles as it heats.
paella: Las asas van remachadas, no soldadas. >> The handles are riveted, not welded.
copper: El estaño se renueva cada diez años; le decimos dónde. >> The tin is renewed every ten years; we tell you where.
copper: Limón y sal le devuelven el brillo. >> Lemon and salt bring back the shine.
shoecare: Poca crema y mucho cepillo. >> Little cream and plenty of brush.
shoecare: Pruébelo antes en una esquina escondida. >> Try it first on a hidden corner.
charger: Nitruro de galio: pequeño y templado. >> Gallium nitride: small and only warm.
charger: Reparte la potencia según lo que enchufe. >> Shares its power by what you plug in.
wearable: Sin suscripción: los datos se quedan en el teléfono. >> No subscription: the data stays on the phone.
wearable: Resiste la ducha y la piscina, no el buceo. >> Takes the shower and the pool, not diving.
textile: Certificado libre de sustancias nocivas. >> Certified free of harmful substances.
wood: Aceite de linaza dos veces al año y nada más. >> Linseed oil twice a year and nothing else.
wood: La veta de cada pieza es distinta a la de la foto que se haga usted. >> The grain of every piece is its own.
wood: Ensamblado con espiga y cola, sin un tornillo a la vista. >> Joined with tenons and glue, not a screw in sight.
wood: Madera con certificado de origen, secada dos años al aire. >> Timber of certified origin, air-dried for two years.
decor: Trae escarpia y plantilla para colgarlo recto. >> Comes with a hook and a template to hang it straight.
decor: Para limpiarlo, un paño de microfibra apenas húmedo. >> Clean it with a barely damp microfibre cloth.
soap: Cura ocho semanas antes de salir, por eso dura tanto. >> It cures for eight weeks before it leaves, which is why it lasts.
soap: Déjelo escurrir entre usos en una jabonera con agujeros. >> Let it drain between uses on a slotted dish.
soap: El envoltorio es papel de semillas: se planta. >> The wrapper is seed paper: plant it.
candle: La primera vez, déjela hasta que se funda toda la superficie. >> The first time, let the whole surface melt.
candle: Corte la mecha a medio centímetro antes de encender. >> Trim the wick to half a centimetre before lighting.
candle: Mecha de algodón sin plomo y vaso reutilizable. >> Lead-free cotton wick and a glass to use again.
cream: Textura ligera, que se absorbe mientras se viste. >> A light texture that sinks in while you dress.
cream: Pruébela antes en el antebrazo si su piel es delicada. >> Try it on the forearm first if your skin is sensitive.
cream: Úsese en los doce meses siguientes a la apertura. >> Use within twelve months of opening.
knife: A mano y secado al momento: el lavavajillas mata el filo. >> By hand and dried at once: the dishwasher kills the edge.
knife: Se afila a 18 grados por lado; lo repasamos gratis el primer año. >> Sharpen at 18 degrees a side; we redo it free in the first year.
knife: Equilibrado en el remache delantero. >> Balanced at the front rivet.
pan: Cúrela con sal y aceite antes del primer uso. >> Season it with salt and oil before the first use.
pan: Fondo difusor de seis milímetros: calienta parejo. >> A six-millimetre base heats evenly.
pan: El mango aguanta 220 °C de horno. >> The handle takes an oven at 220 °C.
moka: Junta y filtro se venden sueltos: dura décadas. >> Gasket and filter are sold separately: it lasts for decades.
moka: No la friegue con jabón; agua caliente y seca. >> No soap: hot water, then dry it.
kettle: El silbido se oye desde el patio. >> You hear the whistle from the yard.
kettle: Una cucharada de vinagre al mes quita la cal. >> A spoonful of vinegar a month keeps the scale away.
flask: Doce horas caliente, veinticuatro fría: medido, no prometido. >> Twelve hours hot, twenty-four cold: measured, not promised.
flask: La tapa se desmonta entera para lavarla. >> The lid comes apart completely for washing.
paper: Cosido al hilo: se abre plano del todo. >> Thread-sewn: it opens completely flat.
paper: La pluma no traspasa. >> Fountain-pen ink does not bleed through.
paper: Cantos teñidos a mano. >> Edges stained by hand.
pen: Carga con cartucho estándar o con el émbolo que incluye. >> Takes standard cartridges or the converter supplied.
pen: Enjuáguela con agua fría cada mes. >> Rinse it with cold water once a month.
book: Impreso en papel certificado y cosido, no pegado. >> Printed on certified paper, sewn rather than glued.
book: Con mapas, índice y una bibliografía honrada. >> With maps, an index and an honest bibliography.
guitar: Cada guitarra se afina y se toca dos semanas antes de salir. >> Every guitar is tuned and played for two weeks before it leaves.
guitar: Manténgala entre el 45 y el 55 % de humedad. >> Keep it between 45 and 55 % humidity.
guitar: Va en funda acolchada y caja doble. >> Travels in a padded case and a double box.
castanet: Macho y hembra afinados con una tercera de diferencia. >> Male and female tuned a third apart.
castanet: El cordón se cambia en un minuto. >> The cord is changed in a minute.
lamp: Cable textil de dos metros con interruptor. >> A two-metre textile cable with a switch.
lamp: Con enchufe europeo y marcado CE; el manual viene en español. >> European plug and CE marking; the manual is in Spanish and English.
lamp: La pantalla se desmonta sin herramientas para limpiarla. >> The shade comes off without tools for cleaning.
lamp: Da lo mejor con una bombilla cálida de 2.700 K. >> At its best with a warm 2,700 K bulb.
audio: Se empareja con dos teléfonos a la vez. >> Pairs with two phones at once.
audio: La batería se cambia con un destornillador corriente. >> The battery can be changed with an ordinary screwdriver.
audio: Incluye cable USB-C y funda; cargador no, que ya tendrá. >> USB-C cable and pouch included; no charger, you will have one.
audio: Actualizaciones de firmware durante cinco años, por escrito. >> Five years of firmware updates, in writing.
battery: Apta para cabina de avión. >> Allowed in cabin baggage.
battery: Se protege sola contra sobrecarga, cortocircuito y calor. >> Protects itself against overcharge, short circuit and heat.
battery: Recárguela cada tres meses si no la usa. >> Top it up every three months when idle.
cable: Trenza de nailon y conectores de aluminio, probados con diez mil dobleces. >> Nylon braid and aluminium plugs, tested for ten thousand bends.
cable: Chip de identificación de 5 A: carga portátiles. >> A 5 A e-marker inside: it charges laptops.
cable: La cinta de velcro viene puesta. >> The hook-and-loop tie is already on.
keyboard: Interruptores que se cambian sin soldar. >> Hot-swap switches: no soldering.
keyboard: Distribución guardada en el propio teclado. >> The layout is stored in the keyboard itself.
case: Borde que sobresale un milímetro y protege la pantalla. >> The edge stands a millimetre proud and guards the screen.
case: Compatible con carga inalámbrica. >> Works with wireless charging.
drone: Vuela en la categoría abierta A1; regístrese como operador antes del primer vuelo. >> Flies in open category A1; register as an operator before the first flight.
drone: Vuelve solo cuando queda poca batería. >> Comes home by itself when the battery runs low.
toy: Pinturas al agua y cantos redondeados. >> Water-based paint and rounded edges.
toy: Pensado para manos pequeñas y tardes largas. >> Made for small hands and long afternoons.
toy: Piezas de repuesto a un correo de distancia. >> Spare parts are an e-mail away.
puzzle: Corte en cinta: cada pieza encaja solo en su sitio. >> Ribbon cut: each piece fits only its place.
puzzle: Trae bolsa de algodón y lámina de guía. >> With a cotton bag and a guide print.
bikelight: Se ve a más de un kilómetro y no deslumbra al que viene. >> Seen from over a kilometre without dazzling the oncoming rider.
bikelight: Soporte de goma: pasa de una bici a otra en segundos. >> Rubber mount: from one bike to another in seconds.
helmet: Rueda de ajuste en la nuca y almohadillas lavables. >> A dial at the neck and washable pads.
helmet: Cámbielo después de un golpe, aunque no se vea nada. >> Replace it after a blow, even if nothing shows.
yoga: Agarra también con las manos húmedas. >> Grips even with damp hands.
yoga: Extiéndala al sol una tarde: pierde el olor a nueva. >> An afternoon in the sun takes the new smell away.
tent: Se monta en siete minutos entre dos, en once a solas. >> Up in seven minutes by two, eleven alone.
tent: Costuras termoselladas y kit de reparación cosido a la bolsa. >> Taped seams and a repair kit sewn to the bag.
bagpack: Espalda ventilada y bolsillo para portátil de 15 pulgadas. >> Ventilated back and a sleeve for a 15-inch laptop.
bagpack: Reparaciones gratuitas los tres primeros años. >> Free repairs for the first three years.
suitcase: Cierre con combinación homologado. >> Approved combination lock.
suitcase: Las ruedas se reponen con una llave Allen. >> The wheels can be replaced with an Allen key.
umbrella: Aguanta rachas de 90 km/h sin darse la vuelta. >> Holds gusts of 90 km/h without turning inside out.
umbrella: Tela de botellas recicladas, con dos capas de repelente. >> Recycled-bottle canopy with two coats of repellent.
sunglass: Bisagras de cinco charnelas, con tornillo que se aprieta. >> Five-barrel hinges with screws you can tighten.
sunglass: Monturas de acetato vegetal, pulidas a mano. >> Plant-based acetate, hand-polished.
watch: Movimiento de cuarzo japonés y pila para tres años. >> Japanese quartz movement, battery for three years.
watch: Resiste salpicaduras y lavado de manos; la ducha, no. >> Takes splashes and hand-washing; not showers.
jewel: Contraste de ley grabado por dentro. >> Hallmarked inside.
jewel: Se limpia con una gamuza seca; la llevamos de regalo. >> Clean with a dry chamois; one comes with it.
jewel2: Cierre de acero: apto para orejas sensibles. >> Steel post, fit for sensitive ears.
jewel2: Quíteselos para nadar y durarán. >> Take them off to swim and they will last.
tool: Forjada en una pieza; el mango se cambia. >> Forged in one piece; the handle can be replaced.
tool: Una gota de aceite al guardar y no se oxida. >> A drop of oil before storing keeps rust away.
pet: El relleno es de botellas recicladas y se saca para lavar. >> Filled with recycled bottles and taken out for washing.
pet: Base antideslizante, que la siesta no es para patinar. >> Non-slip base: naps are not for skating.
"""

# family: ingredients es >> en (allergens in capitals, as the law has them printed)
INGREDIENTS = """
oil: Aceite de oliva virgen extra. >> Extra virgin olive oil.
oil_flavour: Aceite de oliva virgen extra, fruta o especia molida con la aceituna. >> Extra virgin olive oil, fruit or spice milled with the olives.
vinegar: Vinagre de vino. Contiene SULFITOS. >> Wine vinegar. Contains SULPHITES.
preserve: Hortaliza o fruto indicado, agua, sal, aceite de oliva, corrector de acidez (ácido cítrico). >> The named vegetable or fruit, water, salt, olive oil, acidity regulator (citric acid).
fish: PESCADO, aceite de oliva, sal. >> FISH, olive oil, salt.
shellfish: MOLUSCOS, aceite de oliva, vinagre, especias, sal. Puede contener trazas de CRUSTÁCEOS. >> MOLLUSCS, olive oil, vinegar, spices, salt. May contain traces of CRUSTACEANS.
cheese: LECHE cruda o pasteurizada de oveja o cabra, cuajo, fermentos, sal. >> Raw or pasteurised sheep's or goat's MILK, rennet, cultures, salt.
ham: Jamón o paleta de cerdo, sal. >> Pork leg or shoulder, salt.
sausage: Carne de cerdo, sal, pimentón, ajo, tripa natural. >> Pork, salt, paprika, garlic, natural casing.
honey: Miel cruda. Origen: España. >> Raw honey. Origin: Spain.
nougat: ALMENDRA (60 %), miel, azúcar, clara de HUEVO, oblea. Puede contener otros FRUTOS DE CÁSCARA. >> ALMONDS (60 %), honey, sugar, EGG white, wafer. May contain other NUTS.
biscuit: Harina de TRIGO, ALMENDRA, azúcar, manteca de cerdo o MANTEQUILLA, canela. >> WHEAT flour, ALMONDS, sugar, lard or BUTTER (MILK), cinnamon.
chocolate: Cacao, azúcar de caña, manteca de cacao. Puede contener LECHE y FRUTOS DE CÁSCARA. >> Cocoa, cane sugar, cocoa butter. May contain MILK and NUTS.
jam: Fruta, azúcar de caña, zumo de limón. >> Fruit, cane sugar, lemon juice.
saffron: Azafrán en hebra. >> Saffron threads.
spice: Especia pura, sin mezclas. >> Pure spice, nothing added.
rice: Arroz. >> Rice.
pulse: Legumbre seca. Puede contener trazas de GLUTEN. >> Dried pulse. May contain traces of GLUTEN.
coffee: Café tostado natural. >> Roasted coffee.
tea: Té. >> Tea.
herbal: Plantas secas. >> Dried herbs.
hamper: Según cada producto; la lista completa va dentro. Contiene FRUTOS DE CÁSCARA, HUEVO, LECHE, PESCADO y GLUTEN. >> As on each product; the full list is inside. Contains NUTS, EGG, MILK, FISH and GLUTEN.
soap: Sodium Olivate, Aqua, Glycerin, Parfum, Linalool, Limonene. >> Sodium Olivate, Aqua, Glycerin, Parfum, Linalool, Limonene.
cream: Aqua, Olea Europaea Fruit Oil, Glycerin, Cetearyl Alcohol, Butyrospermum Parkii Butter, Tocopherol, Parfum. >> Aqua, Olea Europaea Fruit Oil, Glycerin, Cetearyl Alcohol, Butyrospermum Parkii Butter, Tocopherol, Parfum.
"""

# family: warnings and instructions es >> en
SAFETY = """
toy: Advertencia: no conviene para niños menores de 36 meses. Contiene piezas pequeñas que pueden tragarse. Retire el embalaje antes de dar el juguete. >> Warning: not suitable for children under 36 months. Small parts, choking hazard. Remove the packaging before giving the toy to a child.
puzzle: Advertencia: no conviene para niños menores de 36 meses. Piezas pequeñas, peligro de asfixia. >> Warning: not suitable for children under 36 months. Small parts, choking hazard.
audio: Un volumen alto durante mucho tiempo puede dañar el oído. Cargue con un cargador USB de 5 V. No tire la batería a la basura. >> Listening at high volume for long may damage your hearing. Charge from a 5 V USB charger. Do not put the battery in household waste.
battery: Batería de iones de litio: no la perfore, no la exponga a más de 45 °C y no la cargue sin vigilancia. Llévela a un punto de recogida. >> Lithium-ion battery: do not puncture, do not expose to more than 45 °C, do not charge unattended. Take it to a collection point.
cable: No lo use si la cubierta está dañada. Manténgalo lejos de niños pequeños: riesgo de estrangulamiento. >> Do not use it if the sheath is damaged. Keep away from small children: strangulation hazard.
keyboard: Limpie en seco y desconectado. Contiene una batería de litio; recíclela. >> Clean dry and unplugged. Contains a lithium battery; recycle it.
charger: No lo use si la carcasa está dañada. Solo interior. Clase II. >> Do not use it if the housing is damaged. Indoor use only. Class II.
wearable: Contiene una batería de litio; recíclela. No es un producto sanitario. >> Contains a lithium battery; recycle it. Not a medical device.
shoecare: Inflamable. Fuera del alcance de los niños. >> Flammable. Keep out of children's reach.
drone: A partir de 14 años. Hélices giratorias: mantenga manos y cara lejos. Vuele a la vista y por debajo de 120 m. Batería de litio. >> From 14 years. Rotating blades: keep hands and face away. Fly within sight and below 120 m. Lithium battery.
lamp: Desconecte antes de cambiar la bombilla. No la cubra. Solo para interior. Clase II. >> Unplug before changing the bulb. Do not cover. Indoor use only. Class II.
bikelight: No mire directamente al haz. Batería de litio integrada: recíclela. >> Do not look into the beam. Built-in lithium battery: recycle it.
helmet: Casco para ciclismo, no para vehículos a motor. Ajuste la correa: debe caber un dedo. Sustitúyalo tras un impacto. >> For cycling, not for motor vehicles. Adjust the strap: one finger should fit. Replace after an impact.
candle: No la deje sin vigilancia. Lejos de niños, mascotas y corrientes. Deje de usarla cuando queden 10 mm de cera. >> Never leave it unattended. Keep from children, pets and draughts. Stop when 10 mm of wax are left.
soap: Uso externo. Si entra en los ojos, aclare con agua. >> For external use. If it gets into the eyes, rinse with water.
cream: Uso externo. Evite el contacto con los ojos. Suspenda el uso si irrita. >> For external use. Avoid the eyes. Stop if irritation occurs.
knife: Hoja muy afilada: guárdelo en su funda y fuera del alcance de los niños. No se vende a menores. >> Very sharp blade: keep it in its sheath and out of children's reach. Not sold to minors.
pan: El mango se calienta en el horno: use un paño. >> The handle gets hot in the oven: use a cloth.
moka: No supere la marca de la válvula y no la ponga al fuego sin agua. >> Do not fill above the valve and never heat it empty.
kettle: El vapor quema: vierta despacio y no abra la tapa hirviendo. >> Steam burns: pour slowly and do not open the lid while boiling.
tent: No cocine dentro. Manténgala lejos del fuego. >> Do not cook inside. Keep away from fire.
sunglass: Categoría 3. No aptas para mirar al sol ni para conducir de noche. >> Category 3. Not for looking at the sun nor for driving at night.
watch: Contiene una pila de botón: peligrosa si se traga. Fuera del alcance de los niños. >> Contains a button cell: dangerous if swallowed. Keep out of children's reach.
decor: Cuelgue con un taco adecuado a su pared. >> Hang with a plug that suits your wall.
wood: Revise las uniones una vez al año. >> Check the joints once a year.
pet: Vigile a la mascota los primeros días. >> Watch your pet for the first days.
"""
