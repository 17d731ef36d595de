"""Articles of potters, weavers, joiners, cutlers, soap makers, printers."""

ARTICLES = """
== alfareria-barro-santo
~ azul | Azul Tinta | Ink Blue | Esmalte azul cobalto que se oscurece donde se acumula. | Cobalt glaze, darker where it gathers.
~ oliva | Verde Oliva | Olive Green | Verde de cobre, con vetas que decide el horno. | Copper green, with streaks the kiln decides.
~ crema | Blanco Roto | Off-White | Blanco de estaño con pintas de hierro. | Tin white speckled with iron.
~ terra | Terracota Vista | Bare Terracotta | Medio baño de esmalte; abajo, el barro desnudo. | Half dipped; below, the bare clay.
- cuenco | Cuenco {s} | {s} bowl | 19.50 | Para el gazpacho o la fruta, con la boca un poco abierta. | For gazpacho or fruit, its mouth slightly open. | azul oliva crema terra
- taza | Taza {s} | {s} cup | 14.50 | El asa está hecha para tres dedos y el borde es fino. | A handle for three fingers and a thin lip. | azul oliva crema terra
- plato | Plato {s} | {s} plate | 18.90 | Ala baja y fondo llano: se apila bien. | A low rim and a flat well: it stacks. | azul oliva crema terra
- jarron | Jarrón {s} | {s} vase | 39.00 | Torneado en dos partes y unido en crudo. | Thrown in two parts and joined wet. | azul oliva terra
- jarron | Jarra de agua {s} | {s} water jug | 32.00 | Vierte sin gotear: nos costó cuarenta intentos. | It pours without dripping: it took us forty tries. | azul crema
- maceta | Maceta {s} | {s} plant pot | 28.00 | Con agujero y plato, como debe ser. | With a hole and a saucer, as it should be. | oliva terra
- cuenco | Mortero de barro | Clay mortar | 24.00 | Sin esmaltar por dentro, para que muela. | Unglazed inside, so that it grinds. | -
- cuenco | Fuente de horno honda | Deep oven dish | 34.00 | Del horno a la mesa, y de la mesa al horno. | From oven to table and back. | -
- jarron | Botijo | Botijo water cooler | 29.00 | Enfría diez grados con solo sudar. | Cools ten degrees just by sweating. | -
- taza | Vaso sin asa para café | Handleless coffee cup | 9.80 | Doble pared gruesa: no quema. | Thick-walled: it does not burn. | -
- fuente | Bandeja ovalada | Oval platter | 36.00 | Cabe una dorada entera. | Fits a whole bream. | -
- jarron | Candelero de barro | Clay candle holder | 16.50 | Para vela de dos centímetros. | For a two-centimetre candle. | -
== taller-cal-y-esmalte
~ estrella | Estrella | Star | Lacería de ocho puntas, dibujada con compás. | Eight-pointed strapwork, drawn with compasses.
~ granada | Granada | Pomegranate | Granadas abiertas sobre fondo blanco. | Open pomegranates on white.
~ olas | Olas | Waves | Ondas azules que casan en los cuatro lados. | Blue waves that match on all four sides.
~ limonar | Limonar | Lemon Grove | Limones y hojas, para cocinas con luz. | Lemons and leaves, for kitchens with light.
~ cuerda | Cuerda Seca | Cuerda Seca | Líneas de manganeso separan los colores, como en el siglo XV. | Manganese lines part the colours, as in the fifteenth century.
- azulejo | Azulejo {s} | {s} tile | 42.00 | Bizcocho prensado a mano y pintado pieza a pieza en Triana. | Hand-pressed and painted piece by piece in Triana. | estrella granada olas limonar cuerda
- plato_pared | Plato de pared {s} | {s} wall plate | 46.00 | Con dos agujeros detrás para colgarlo. | Two holes in the back for hanging. | estrella granada limonar cuerda
- cuenco | Ensaladera {s} | {s} salad bowl | 44.00 | Pintada por dentro y por fuera. | Painted inside and out. | granada olas limonar
- taza | Tazón {s} | {s} breakfast cup | 17.50 | Para desayunos de pan mojado. | For breakfasts of dipped bread. | olas limonar estrella
- jarron | Albarelo {s} | {s} apothecary jar | 58.00 | El bote de botica que ahora guarda cucharas. | The apothecary's jar that now holds spoons. | estrella granada cuerda
- azulejo_uno | Número de casa en azulejo | House number tile | 18.00 | Un número por pieza, en azul y amarillo. | One digit each, in blue and yellow. | -
- azulejo_uno | Mural de doce azulejos: patio | Twelve-tile mural: courtyard | 148.00 | Un patio con naranjo y gato; viene numerado por detrás. | A courtyard with orange tree and cat; numbered on the back. | -
- maceta | Maceta de pared sevillana | Seville wall pot | 22.00 | Media maceta plana, para geranios. | A half pot, flat-backed, for geraniums. | -
- espejo | Espejo con marco de azulejo | Tile-framed mirror | 84.00 | Veinte piezas cortadas alrededor de una luna biselada. | Twenty pieces cut around a bevelled mirror. | -
- reloj_pared | Reloj de pared de loza | Ceramic wall clock | 52.00 | Esfera pintada a mano, agujas de latón. | Hand-painted dial, brass hands. | -
- cuenco | Salero de cocina | Kitchen salt pig | 21.00 | Boca ladeada para meter los dedos. | A tilted mouth for your fingers. | -
- posavasos | Juego de posavasos esmaltados | Glazed coasters | 19.50 | Con corcho debajo. | Cork underneath. | -
== taller-duero
~ roble | en roble | in oak | Roble de la sierra de la Demanda, con su veta abierta. | Oak from the Sierra de la Demanda, open-grained.
~ nogal | en nogal | in walnut | Nogal de linde, más oscuro hacia el corazón. | Hedgerow walnut, darker towards the heart.
~ pino | en pino soriano | in Soria pine | Pino de crecimiento lento, claro y ligero. | Slow-grown pine, pale and light.
- silla | Silla de enea {s} | Rush-seated chair {s} | 129.00 | Asiento de enea trenzada a mano, que cruje el primer mes. | A hand-woven rush seat that creaks for a month. | roble nogal pino
- taburete | Taburete de tres patas {s} | Three-legged stool {s} | 74.00 | Tres patas no cojean nunca. | Three legs never wobble. | roble nogal pino
- mesa | Mesa auxiliar redonda {s} | Round side table {s} | 168.00 | Tablero encolado de canto y patas torneadas. | Edge-glued top on turned legs. | roble nogal
- mesa | Mesilla con cajón {s} | Bedside table with drawer {s} | 184.00 | El cajón corre sobre madera, sin herrajes. | The drawer runs wood on wood. | roble pino
- tabla | Tabla de cortar {s} | Chopping board {s} | 36.00 | Veta de testa, que cuida el filo. | End grain, kind to the edge. | roble nogal
- tabla | Tabla de pan con miguero {s} | Bread board with crumb tray {s} | 44.00 | Las migas caen abajo y se guardan para los pájaros. | Crumbs fall through; keep them for the birds. | roble pino
- espejo | Espejo redondo {s} | Round mirror {s} | 96.00 | Aro doblado al vapor en una sola tira. | A rim steam-bent from one strip. | roble nogal
- reloj_pared | Reloj de pared {s} | Wall clock {s} | 58.00 | Rodaja con corteza, cada una con sus años contados. | A slice with bark, its years counted. | roble pino
- lampara | Lámpara de pie torneado {s} | Turned table lamp {s} | 78.00 | Tres bolas torneadas de un mismo listón. | Three balls turned from one length. | nogal pino
- taburete | Banqueta de cocina | Kitchen bar stool | 98.00 | A la altura de la encimera, con reposapiés de hierro. | Counter height, with an iron footrest. | -
- silla | Mecedora baja | Low rocking chair | 219.00 | Para dormir a un niño o leer un periódico. | For rocking a child or reading the paper. | -
- tabla | Cuchara y espátula de boj | Boxwood spoon and spatula | 14.50 | Boj que no toma olores. | Boxwood that takes no smells. | -
- tabla | Tabla de embutidos alargada | Long charcuterie board | 29.00 | Con agujero y cuerda para colgarla. | With a hole and cord to hang it. | -
- madera | Caballo con ruedas | Horse on wheels | 38.00 | De haya, con crin de lana y cuerda de tirar. | Beech, a wool mane and a pull cord. | -
== mantas-del-moncayo
~ cierzo | Cierzo | Cierzo | Grises y azules de día de viento. | Greys and blues of a windy day.
~ rastrojo | Rastrojo | Stubble | Ocres de agosto, después de la siega. | August ochres, after the harvest.
~ vendimia | Vendimia | Vintage | Granate y violeta de uva prensada. | Maroon and violet of pressed grapes.
~ encinar | Encinar | Oak Wood | Verdes oscuros con hilo crudo. | Dark greens with raw yarn.
- manta | Manta de lana {s} | {s} wool blanket | 119.00 | Cardada con cardos de verdad, como en 1890. | Teaselled with real thistles, as in 1890. | cierzo rastrojo vendimia encinar
- bufanda | Bufanda {s} | {s} scarf | 42.00 | Larga y ligera, con fleco anudado a mano. | Long and light, with a hand-knotted fringe. | cierzo rastrojo vendimia encinar
- alfombra | Alfombra {s} | {s} rug | 189.00 | Reversible, con urdimbre de algodón. | Reversible, on a cotton warp. | cierzo rastrojo vendimia
- cojin | Cojín de lana {s} | {s} wool cushion | 44.00 | Con cremallera escondida y relleno de plumón. | Hidden zip, down filling. | cierzo rastrojo encinar
- manta | Manta de viaje {s} | {s} travel rug | 89.00 | Se enrolla con correas de cuero, que van incluidas. | Rolls up in leather straps, included. | vendimia encinar
- manta | Ruana de pastor | Shepherd's ruana | 134.00 | Capa abierta que abriga y deja las manos libres. | An open cape, warm, hands free. | -
- calcetin | Calcetines de monte {s} | {s} hiking socks | 16.50 | Talón reforzado y caña larga. | Reinforced heel, long leg. | cierzo encinar
- bufanda | Cuello de lana tubular | Wool neck warmer | 26.00 | Sin costura, para bici y para obra. | Seamless, for the bike and the building site. | -
- cojin | Cojín de asiento de fieltro | Felt seat pad | 22.00 | Dos centímetros de fieltro prensado. | Two centimetres of pressed felt. | -
- alfombra | Pie de cama de lana | Wool bedside rug | 84.00 | Lo primero que pisa uno por la mañana. | The first thing you step on. | -
- manta | Manta de cuna | Cot blanket | 48.00 | Cordero lavado tres veces, sin tinte. | Lambswool washed three times, undyed. | -
- cama_mascota | Cama de lana para perro | Wool dog bed | 69.00 | Con la lana que no llega a manta. | Made of the wool that does not make blankets. | -
- toalla | Toalla de nido de abeja | Waffle towel | 24.00 | Seca más de lo que parece y abulta menos. | Dries more than it seems, takes less room. | -
- sabana | Juego de sábanas de franela | Flannel sheet set | 64.00 | Para inviernos de los de antes. | For winters like they used to be. | -
== jabonera-del-guadiana
~ lavanda | Lavanda | Lavender | Lavanda de Brihuega, segada en julio. | Lavender from Brihuega, mown in July.
~ azahar | Azahar | Orange Blossom | Huele a patio de abril. | Smells of an April courtyard.
~ jara | Jara | Rockrose | Resina de jara, verde y balsámica. | Rockrose resin, green and balsamic.
~ higuera | Higuera | Fig Tree | Hoja de higuera, leche y sombra. | Fig leaf, sap and shade.
~ romero | Romero | Rosemary | Romero y ciprés, despierta. | Rosemary and cypress: it wakes you.
- jabon | Jabón artesano {s} | {s} handmade soap | 5.90 | Aceite de oliva saponificado en frío y cortado con alambre. | Cold-process olive oil, cut with wire. | lavanda azahar jara higuera romero
- vela | Vela {s} | {s} candle | 21.00 | Cera de soja vertida a mano en vaso de barro. | Soy wax poured by hand into a clay cup. | lavanda azahar jara higuera
- crema | Crema de manos {s} | {s} hand cream | 12.50 | Karité, aceite de oliva y poco más. | Shea, olive oil and little else. | lavanda azahar higuera
- crema | Aceite corporal {s} | {s} body oil | 18.90 | Almendra dulce con un tercio de oliva. | Sweet almond with a third of olive. | lavanda jara romero
- balsamo | Bálsamo labial de cera virgen | Beeswax lip balm | 6.50 | Cera de nuestras vecinas las abejas. | Wax from our neighbours the bees. | -
- crema | Crema facial de uva | Grape face cream | 24.00 | Pepita de uva de Almendralejo, textura fina. | Almendralejo grape seed, a fine texture. | -
- jabon | Champú sólido de ortiga | Solid nettle shampoo | 9.40 | Rinde como dos botellas. | Lasts like two bottles. | -
- jabon | Jabón de afeitar en cuenco | Shaving soap in a bowl | 17.50 | Espuma densa; el cuenco se rellena. | Dense foam; the bowl is refilled. | -
- jabon | Jabón exfoliante de hueso de oliva | Olive stone scrub soap | 6.40 | Hueso molido fino, sin plásticos. | Finely ground stones, no plastics. | -
- vela | Vela de cera de abeja | Beeswax candle | 18.50 | Huele a miel sin añadir nada. | Smells of honey with nothing added. | -
- toalla | Toalla de lino lavado | Washed linen towel | 32.00 | Áspera al principio, adictiva después. | Rough at first, addictive later. | -
- crema | Agua de rosas | Rose water | 11.80 | Destilada en alambique de cobre. | Distilled in a copper still. | -
== cuchilleria-albar
~ olivo | de olivo | olive wood | Mango de raíz de olivo, cada uno con su dibujo. | Olive root handle, no two alike.
~ encina | de encina | holm oak | Mango de encina, pesado y cálido. | Holm oak handle, heavy and warm.
~ negro | de micarta negra | black micarta | Mango de micarta, para cocina de trabajo. | Micarta handle, for kitchens that work.
- cuchillo | Cuchillo cebollero {s} | Chef's knife, {s} | 68.00 | Veinte centímetros, el que hace el noventa por ciento. | Twenty centimetres, the one that does ninety per cent. | olivo encina negro
- cuchillo | Puntilla {s} | Paring knife, {s} | 29.00 | Nueve centímetros para lo pequeño. | Nine centimetres for the small jobs. | olivo encina negro
- cuchillo | Santoku {s} | Santoku, {s} | 74.00 | Alveolado, para que la patata se suelte. | Dimpled, so that potato lets go. | olivo negro
- cuchillo | Panero {s} | Bread knife, {s} | 49.00 | Sierra ancha que no aplasta la corteza. | Broad teeth that do not crush the crust. | encina negro
- cuchillo | Navaja albaceteña {s} | Albacete pocket knife, {s} | 58.00 | Carraca de siete dientes, que se oye. | A seven-tooth ratchet you can hear. | olivo encina
- cuchillo | Cuchillo deshuesador | Boning knife | 44.00 | Hoja estrecha, con algo de flexión. | A narrow blade with some give. | -
- cuchillo | Chaira de acero | Honing steel | 34.00 | Endereza el filo cada semana en diez pasadas. | Straightens the edge weekly in ten strokes. | -
- cuchillo | Tijeras de cocina desmontables | Take-apart kitchen scissors | 26.00 | Se separan para lavarlas. | They come apart for washing. | -
- sarten | Sartén de hierro | Iron frying pan | 39.00 | Con los meses, nada se pega. | After some months nothing sticks. | -
- sarten | Sartén de acero de tres capas | Three-ply steel pan | 58.00 | Sin recubrimientos que perder. | No coating to lose. | -
- sarten | Cazuela con tapa | Casserole with lid | 64.00 | Guiso de cuchara para seis. | A spoon stew for six. | -
- paellera | Paellera esmaltada | Enamelled paella pan | 24.50 | No se oxida y no sabe a hierro. | Does not rust and does not taste of iron. | -
- paellera | Paellera de inducción | Induction paella pan | 46.00 | Fondo plano de verdad. | A truly flat base. | -
- sarten | Plancha lisa de hierro | Flat iron griddle | 42.00 | Dos fogones, un solo calor. | Two burners, one heat. | -
- tabla | Tabla de corte de haya | Beech chopping board | 27.00 | Con ranura para el jugo. | With a groove for the juices. | -
- hervidor | Hervidor esmaltado de silbato | Whistling enamel kettle | 38.00 | Esmalte de dos capas y asa fría. | Two coats of enamel and a cool handle. | -
- podadera | Tijera de podar forjada | Forged secateurs | 36.00 | Corta ramas de dos centímetros. | Cuts two-centimetre branches. | -
- herramienta | Hocino de huerta | Garden billhook | 31.00 | Para zarzas y para leña menuda. | For brambles and kindling. | -
== cordel-y-tinta
~ mar | Mar | Sea | Cubierta azul con aguas de papel marmoleado. | Blue covers of marbled paper.
~ barro | Barro | Clay | Tela color teja, lomo cosido a la vista. | Brick-coloured cloth, exposed sewn spine.
~ musgo | Musgo | Moss | Verde apagado con guardas de helechos. | Muted green with fern endpapers.
~ mora | Mora | Blackberry | Violeta oscuro, cinta marcapáginas cruda. | Dark violet, raw linen ribbon.
- cuaderno | Cuaderno cosido {s} | {s} sewn notebook | 14.90 | Ciento sesenta páginas de papel ahuesado. | A hundred and sixty pages of ivory paper. | mar barro musgo mora
- cuaderno | Libreta de bolsillo {s} | {s} pocket notebook | 7.90 | Cabe en la camisa y sale viva del verano. | Fits a shirt pocket and survives the summer. | mar barro musgo mora
- cuaderno | Agenda semanal {s} | {s} weekly planner | 18.50 | La semana a la vista y una página en blanco al lado. | A week on view and a blank page beside it. | mar barro mora
- cuaderno | Álbum de fotos {s} | {s} photo album | 32.00 | Hojas negras y papel cebolla entre medias. | Black leaves with glassine between. | barro musgo
- pluma | Estilográfica Ribera | Ribera fountain pen | 39.00 | Ligera, de resina, para escribir mucho. | Light resin, for writing a lot. | -
- pluma | Estilográfica Notaría | Notaría fountain pen | 78.00 | Latón lacado, pesa lo que una firma. | Lacquered brass, weighs as much as a signature. | -
- pluma | Portaminas de latón | Brass mechanical pencil | 24.00 | Mina de 0,7 y goma escondida. | A 0.7 lead and a hidden eraser. | -
- pluma | Rotulador de pincel | Brush pen | 9.80 | Punta elástica recargable. | Springy, refillable tip. | -
- libro | El libro de los oficios del agua | The book of water trades | 24.00 | Acequieros, molineros y barqueros contados por quien los conoció. | Ditch keepers, millers and ferrymen by one who knew them. | -
- libro | Cocina de diario | Everyday cooking | 22.50 | Ciento veinte recetas para martes. | A hundred and twenty recipes for Tuesdays. | -
- libro | Atlas de caminos viejos | Atlas of old roads | 34.00 | Calzadas, cañadas y veredas, dibujadas de nuevo. | Roman roads, drove roads and paths, drawn anew. | -
- libro | Las plantas de la calle | Street plants | 19.80 | Lo que crece en la acera, con su nombre. | What grows in the pavement, by name. | -
- libro | Cuentos para leer en voz alta | Stories to read aloud | 17.90 | Medidos por minutos, para acostar con tiempo. | Timed in minutes, for bedtime with time. | -
- libro | Historia breve del comercio | A short history of trade | 26.00 | De la sal al contenedor en doscientas páginas. | From salt to the container in two hundred pages. | -
- libro | Manual de encuadernación | Bookbinding handbook | 28.00 | Con plantillas para doce cosidos. | With templates for twelve stitches. | -
- puzle | Puzle Mapa de la ciudad vieja | Old town map puzzle | 26.00 | Un plano de 1860 con todas sus callejas. | An 1860 plan with every alley. | -
- puzle | Puzle Herbario | Herbarium puzzle | 26.00 | Cuarenta plantas y sus nombres latinos. | Forty plants and their Latin names. | -
- cuaderno | Bloc de acuarela | Watercolour pad | 21.00 | Papel de 300 gramos, grano fino. | 300-gram paper, fine grain. | -
- cuaderno | Papel de cartas con sobres | Writing paper with envelopes | 16.50 | Veinte pliegos y veinte sobres forrados. | Twenty sheets, twenty lined envelopes. | -
== oliver-hermanos-guitarreros
~ fino | de concierto | concert | Barra doble y tapa de grado alto. | Double strut and a high-grade top.
~ estudio | de estudio | student | El mismo varetaje, maderas más sencillas. | The same bracing, simpler woods.
~ flamenca | flamenca | flamenco | Ciprés, golpeador y acción baja. | Cypress, tap plate and low action.
- guitarra | Guitarra española {s} | Spanish guitar, {s} | 690.00 | Construida en el Albaicín por los dos hermanos, con mástil cosido a mano. | Built in the Albaicín by the two brothers, the neck joined by hand. | fino estudio flamenca
- guitarra | Guitarra de cadete | Three-quarter guitar | 240.00 | Para manos de ocho a doce años. | For hands of eight to twelve. | -
- guitarra | Requinto | Requinto guitar | 420.00 | Afinado una cuarta arriba. | Tuned a fourth above. | -
- guitarra | Ukelele tenor de ciprés | Cypress tenor ukulele | 185.00 | Hecho con los recortes de las flamencas. | Made from the flamenco guitars' offcuts. | -
- castanuela | Castañuelas de concierto | Concert castanets | 64.00 | Doble caja de resonancia. | Double resonance box. | -
- castanuela | Castañuelas de estudio | Student castanets | 24.00 | Ligeras, para aprender los carretilleos. | Light, for learning the rolls. | -
- castanuela | Castañuelas de granadillo | Granadillo castanets | 82.00 | Madera densa, sonido que corta. | Dense wood, a sound that cuts. | -
- abanico | Abanico {s} | {s} fan | 34.00 | Pintado a mano sobre algodón, con varillaje calado. | Hand-painted on cotton, pierced sticks. | ab_mantilla ab_liso ab_flor ab_verbena
- abanico | Pericón de baile | Large dance fan | 46.00 | Treinta y un centímetros, para escenario. | Thirty-one centimetres, for the stage. | -
- abanico | Abanico de caballero | Gentleman's fan | 28.00 | Pequeño y oscuro, para el bolsillo. | Small and dark, for the pocket. | -
~ ab_mantilla | de encaje | lace | Encaje negro montado sobre tela clara. | Black lace mounted on pale cloth.
~ ab_liso | liso | plain | Un solo color y la madera a juego. | One colour, wood to match.
~ ab_flor | de flores | floral | Peonías y hojas, firmadas abajo. | Peonies and leaves, signed below.
~ ab_verbena | de verbena | fairground | Farolillos y lunares, con buen humor. | Lanterns and dots, good-humoured.
- panuelo_seda | Mantón bordado | Embroidered shawl | 148.00 | Seda con fleco de macramé de cincuenta centímetros. | Silk with fifty centimetres of macramé fringe. | -
- zapato | Zapato de baile flamenco | Flamenco dance shoe | 98.00 | Clavos en punta y tacón, tacón de cinco. | Nailed toe and heel, five-centimetre heel. | -
- zapato_h | Botín de baile | Dance boot | 128.00 | Media caña y tacón cubano. | Ankle height, Cuban heel. | -
- libro | Método de guitarra en 40 lecciones | Guitar method in 40 lessons | 26.50 | Con las grabaciones de los hermanos. | With recordings by the brothers. | -
- libro | Los palos del flamenco | The forms of flamenco | 21.00 | Un árbol con sus ramas y cómo oírlas. | A tree and its branches, and how to hear them. | -
- vestido | Falda de ensayo | Rehearsal skirt | 54.00 | Vuelo y medio, cintura elástica. | A circle and a half, elastic waist. | -
- pendientes | Pendientes de aro grandes | Large hoop earrings | 18.00 | Ligeros: se olvidan puestos. | Light: you forget them. | -
- collar | Collar de coral de imitación | Imitation coral necklace | 44.00 | Cuentas de vidrio rojo y cierre de plata. | Red glass beads, silver clasp. | -
- guitarra | Guitarra de viaje | Travel guitar | 360.00 | Caja estrecha que entra en cabina. | A narrow body that fits the cabin. | -
- taburete | Banqueta de guitarrista | Guitarist's stool | 89.00 | Asiento ladeado cinco grados. | Seat tilted five degrees. | -
"""
